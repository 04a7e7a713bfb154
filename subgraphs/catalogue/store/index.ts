import type { AisleEvent } from '@aisle/platform/bus';
import type { Cache, CacheStats } from '@aisle/platform/cache';
import type { Category, CategoryTree } from '../domain/category-tree.ts';
import type { Product } from '../domain/product.ts';
import type { ListQuery, Page } from '../domain/product-list.ts';

export interface Brand {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
}

/** All brands, by name. */
export interface Brands {
  readonly all: readonly Brand[];
  byId(id: string): Brand | undefined;
  bySlug(slug: string): Brand | undefined;
}

export type SaveOutcome =
  | { readonly kind: 'saved' }
  /** Somebody else saved first; `actual` is the version there is now, 0 when the product is gone. */
  | { readonly kind: 'conflict'; readonly actual: number }
  | { readonly kind: 'slug-taken' }
  | { readonly kind: 'gtin-taken' };

/** The source of truth: what only the catalogue's own database knows. */
export interface ProductStore {
  byIds(ids: readonly string[]): Promise<Product[]>;
  bySkus(skus: readonly string[]): Promise<Product[]>;
  bySlugs(slugs: readonly string[]): Promise<Product[]>;
  /** In the order of the query's sort, up to `limit + 1`, from the end that its direction starts at. */
  list(query: ListQuery): Promise<Product[]>;
  /** Everything, in any order and in batches; for filling caches. */
  scan(max: number): AsyncIterable<Product[]>;
  categories(): Promise<Category[]>;
  brands(): Promise<Brand[]>;
  /** Stores the product if it is still at `expectedVersion` (0: if it is new), with its events, in one transaction. */
  save(product: Product, expectedVersion: number, events: readonly AisleEvent[]): Promise<SaveOutcome>;
  ping(): Promise<void>;
}

/** Reads through the cache: nothing here asks the database for what it asked for shortly before. */
export interface CatalogueReads {
  readonly products: Cache<Product>;
  /** Product ids by SKU and by slug. */
  readonly bySku: Cache<string>;
  readonly bySlug: Cache<string>;
  page(query: ListQuery): Promise<Page<Product>>;
  tree(): Promise<CategoryTree>;
  brands(): Promise<Brands>;
  /** The tree without waiting, `undefined` while it is not there. */
  treeNow(): CategoryTree | undefined;
  brandsNow(): Brands | undefined;
  /** Makes what was cached of a product, and of every list, unknown again; of everything without an id. */
  changed(productId?: string): void;
  /** Puts a product that was just read or written at its places. */
  remember(product: Product): void;
  stats(): Readonly<Record<string, CacheStats>>;
}

export interface Ports {
  readonly reads: CatalogueReads;
  readonly store: ProductStore;
  /** The address of a picture from its path, e.g. `/media/med_….svg`. */
  mediaUrl(path: string): string;
  /** Work that runs beside the requests: the outbox relay and the change stream. */
  readonly background: () => ReadonlyArray<{ readonly name: string; stop(): Promise<void> }>;
}
