import type { Db } from 'mongodb';
import type { Category } from '../domain/category-tree.ts';
import type { Product } from '../domain/product.ts';
import { titleKey } from '../domain/product-list.ts';
import type { Brand } from './index.ts';

/** A product as stored: with what it is found and sorted by. */
export type ProductDocument = Omit<Product, 'id'> & {
  readonly _id: string;
  readonly titleKey: string;
  /** `seller gtin` for each GTIN: a seller lists a GTIN once. Absent when there is none. */
  readonly gtinKeys?: readonly string[];
};
export type CategoryDocument = Omit<Category, 'id'> & { readonly _id: string };
export type BrandDocument = Omit<Brand, 'id'> & { readonly _id: string };

export function collections(db: Db) {
  return {
    products: db.collection<ProductDocument>('products'),
    categories: db.collection<CategoryDocument>('categories'),
    brands: db.collection<BrandDocument>('brands'),
  };
}

export function toDocument(product: Product): ProductDocument {
  const { id, ...rest } = product;
  const gtinKeys = product.variants.flatMap(({ gtin }) =>
    gtin === null ? [] : [`${product.sellerId} ${gtin}`],
  );
  return { _id: id, ...rest, titleKey: titleKey(product), ...(gtinKeys.length > 0 && { gtinKeys }) };
}

export function toProduct(document: ProductDocument): Product {
  const { _id, titleKey: _titleKey, gtinKeys: _gtinKeys, ...rest } = document;
  return { id: _id, ...rest };
}

/** Creates what a first start needs. A transaction cannot create collections on every server, so they exist before. */
export async function prepareCollections(db: Db): Promise<void> {
  const existing = new Set(
    (await db.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name),
  );
  for (const name of ['products', 'categories', 'brands', 'outbox']) {
    if (!existing.has(name)) await db.createCollection(name).catch(ignoreExisting);
  }
  await collections(db).products.createIndexes([
    { key: { slug: 1 }, name: 'slug', unique: true },
    { key: { 'variants.sku': 1 }, name: 'sku', unique: true },
    { key: { gtinKeys: 1 }, name: 'gtin', unique: true, sparse: true },
    { key: { categoryPath: 1, _id: -1 }, name: 'category_newest' },
    { key: { sellerId: 1, _id: -1 }, name: 'seller_newest' },
    { key: { brandId: 1, _id: -1 }, name: 'brand_newest' },
    { key: { titleKey: 1 }, name: 'title' },
  ]);
}

/** Two processes may start at once: the collection that the other has just made is as good. */
function ignoreExisting(error: { code?: number }): undefined {
  if (error.code === 48) return undefined;
  throw error;
}
