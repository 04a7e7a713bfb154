import type { Category, Product } from '@aisle/catalogue/seed';
import { variantLabel } from '@aisle/catalogue/seed';
import type { LevelRow, OwnerRow } from '@aisle/inventory/seed';
import type { SeedPrice } from '@aisle/pricing/seed';
import type { PastVariant } from '../history/orders.ts';
import { makeSellers, type Seller } from '../people/sellers.ts';
import { makeBrands, type SeedBrand } from './brand-rows.ts';
import { placeCategories } from './categories.ts';
import type { PlacedLeaf } from './index.ts';
import { pricesOf } from './price.ts';
import { type MadeProduct, makeProduct } from './products.ts';
import { makeLevels, makeWarehouses, type Warehouses } from './stock.ts';

/** Everything that products are made from. */
export interface OpenShop {
  readonly categories: readonly Category[];
  readonly leaves: readonly PlacedLeaf[];
  readonly brands: ReadonlyMap<string, SeedBrand>;
  readonly sellers: readonly Seller[];
  readonly sellersOf: (department: string) => readonly string[];
  readonly warehouses: Warehouses;
  readonly opened: number;
}

/** @param opened epoch milliseconds */
export function openShop(opened: number): OpenShop {
  const sellers = makeSellers(opened);
  const byDepartment = new Map<string, string[]>();
  for (const { id, departments } of sellers)
    for (const slug of departments) byDepartment.set(slug, [...(byDepartment.get(slug) ?? []), id]);
  return {
    ...placeCategories(opened),
    brands: makeBrands(opened),
    sellers,
    sellersOf: (department) => byDepartment.get(department) ?? [],
    warehouses: makeWarehouses(opened),
    opened,
  };
}

/** Rows of every context for some products. */
export interface Batch {
  readonly products: readonly Product[];
  readonly prices: readonly SeedPrice[];
  readonly owners: readonly OwnerRow[];
  readonly levels: readonly LevelRow[];
  readonly past: ReadonlyArray<{ readonly slug: string; readonly variant: PastVariant }>;
}

/** The first `count` products, `size` at a time: one batch is all that is in memory. */
export function* batchesOf(shop: OpenShop, count: number, size: number): Generator<Batch> {
  for (let from = 0; from < count; from += size) {
    const made = Array.from({ length: Math.min(size, count - from) }, (_, i) => makeProduct(shop, from + i));
    yield toBatch(made, shop);
  }
}

function toBatch(made: readonly MadeProduct[], { warehouses }: OpenShop): Batch {
  const variants = made.flatMap(({ product, leaf, euros }) =>
    product.variants.map((variant) => {
      const { sku } = variant;
      const prices = pricesOf(sku, euros.get(sku)!, leaf.leaf.tax, leaf.shelf.slug);
      return { sku, prices, product, slug: leaf.leaf.slug, label: variantLabel(variant) };
    }),
  );
  return {
    products: made.map(({ product }) => product),
    prices: variants.flatMap(({ prices }) => prices),
    owners: variants.map(({ sku, product }) => ({ sku, sellerId: product.sellerId, productId: product.id })),
    levels: variants.flatMap(({ sku }) => makeLevels(warehouses, sku)),
    past: variants.map(({ sku, prices, product, slug, label }) => ({
      slug,
      variant: { sku, prices, sellerId: product.sellerId, title: `${product.title}, ${label}` },
    })),
  };
}
