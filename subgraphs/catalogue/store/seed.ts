import type { Platform } from '@aisle/platform/service';
import type { Category } from '../domain/category-tree.ts';
import type { Product } from '../domain/product.ts';
import { collections, prepareCollections, toDocument } from './documents.ts';
import type { Brand } from './index.ts';

export type { Category } from '../domain/category-tree.ts';
export type { PictureRecipe, Shape } from '../domain/picture/recipe.ts';
export {
  type Allergen,
  type Attributes,
  type DietaryTag,
  type Nutrition,
  type Product,
  type Storage,
  type Unit,
  type Variant,
  variantLabel,
} from '../domain/product.ts';
export type { Brand } from './index.ts';

export interface CatalogueRows {
  readonly categories: readonly Category[];
  readonly brands: readonly Brand[];
  /** Batches, so that a hundred thousand never lie in memory together. */
  readonly products: Iterable<readonly Product[]> | AsyncIterable<readonly Product[]>;
}

/** Rows in one insert: with all their index entries they must fit easily into a small server's cache. */
const CHUNK = 200;
/** The server answers a duplicate with this; seeding again finds everything there. */
const DUPLICATE = 11000;

/**
 * Fills an empty catalogue. Rows that are there already stay as they are, so seeding can be repeated, interrupted
 * and widened. No events are published: the other contexts are seeded too.
 */
export async function seed(platform: Platform, rows: CatalogueRows): Promise<void> {
  const { db } = await platform.mongo();
  await prepareCollections(db);
  const { categories, brands, products } = collections(db);
  const insert = async (write: Promise<unknown>) => {
    await write.catch((error: { code?: number }) => {
      if (error.code !== DUPLICATE) throw error;
    });
  };
  const bare = <T extends { id: string }>({ id, ...rest }: T) => ({ _id: id, ...rest });
  if (rows.categories.length > 0)
    await insert(categories.insertMany(rows.categories.map(bare), { ordered: false }));
  if (rows.brands.length > 0) await insert(brands.insertMany(rows.brands.map(bare), { ordered: false }));
  for await (const batch of rows.products) {
    for (let from = 0; from < batch.length; from += CHUNK) {
      const chunk = batch.slice(from, from + CHUNK);
      const ids = chunk.map(({ id }) => id);
      // Asking for what is there is many times cheaper than having every row refused.
      const found = await products.find({ _id: { $in: ids } }, { projection: { _id: 1 } }).toArray();
      const known = new Set(found.map(({ _id }) => _id));
      const fresh = chunk.filter(({ id }) => !known.has(id));
      if (fresh.length > 0) await insert(products.insertMany(fresh.map(toDocument), { ordered: false }));
    }
  }
}
