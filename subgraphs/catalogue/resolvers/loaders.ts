import type { Cache } from '@aisle/platform/cache';
import { hasPrefix } from '@aisle/platform/ids';
import type { Scope } from '@aisle/platform/service';
import DataLoader from 'dataloader';
import type { CategoryTree } from '../domain/category-tree.ts';
import type { Product } from '../domain/product.ts';
import type { Brands, Ports } from '../store/index.ts';
import type { ProductVariant } from './models.ts';

type CatalogueScope = Scope<Ports>;
type Maybe<T> = T | null | Promise<T | null>;

/** What the operation asks of one cache, in one batch per tick; what is cached already is given at once. */
function through<T>(scope: CatalogueScope, cache: Cache<T>, key: string): Maybe<T> {
  const hit = cache.peek(key);
  if (hit !== undefined) return hit;
  return scope
    .once(cache, () => new DataLoader<string, T | null>((keys) => cache.getMany(keys), { maxBatchSize: 100 }))
    .load(key);
}

/** Goes on at once with what is there, and later with what is awaited: a warm cache costs no turn of the event loop. */
export const andThen = <T, R>(value: T | Promise<T>, next: (value: T) => R | Promise<R>): R | Promise<R> =>
  value instanceof Promise ? value.then(next) : next(value);

export function productById(scope: CatalogueScope, id: string): Maybe<Product> {
  return hasPrefix(id, 'prd') ? through(scope, scope.ports.reads.products, id) : null;
}

export function productBySlug(scope: CatalogueScope, slug: string): Maybe<Product> {
  if (slug.length > 100) return null;
  return andThen(through(scope, scope.ports.reads.bySlug, slug), (id) =>
    id === null ? null : productById(scope, id),
  );
}

export function variantBySku(scope: CatalogueScope, sku: string): Maybe<ProductVariant> {
  if (!hasPrefix(sku, 'sku')) return null;
  return andThen(through(scope, scope.ports.reads.bySku, sku), (id) =>
    id === null ? null : andThen(productById(scope, id), (product) => variantOf(product, sku)),
  );
}

function variantOf(product: Product | null, sku: string): ProductVariant | null {
  const variant = product?.variants.find((candidate) => candidate.sku === sku);
  return product && variant ? { product, variant } : null;
}

export function tree(scope: CatalogueScope): CategoryTree | Promise<CategoryTree> {
  return scope.ports.reads.treeNow() ?? scope.ports.reads.tree();
}

export function brands(scope: CatalogueScope): Brands | Promise<Brands> {
  return scope.ports.reads.brandsNow() ?? scope.ports.reads.brands();
}
