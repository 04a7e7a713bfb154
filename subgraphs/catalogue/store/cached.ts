import { type Cache, createCache } from '@aisle/platform/cache';
import type { Clock } from '@aisle/platform/clock';
import { errorFields, type Log } from '@aisle/platform/log';
import type { Meter } from '@aisle/platform/telemetry';
import { type CategoryTree, categoryTree } from '../domain/category-tree.ts';
import type { Product } from '../domain/product.ts';
import { type ListQuery, toPage } from '../domain/product-list.ts';
import type { Brand, Brands, CatalogueReads, ProductStore } from './index.ts';
import { indexedLists } from './indexed-lists.ts';

const MINUTE = 60_000;
/** How long each kind is fresh: lists move most, the tree and the brands hardly ever. */
const TTL = { lists: 5 * MINUTE, products: 15 * MINUTE, keys: 30 * MINUTE, reference: 30 * MINUTE };
/** Products whose order is kept in memory, a few hundred bytes each. */
const MAX_INDEXED = 500_000;
/** Longest a page waits for that order to be read at the first start, milliseconds. */
const PAGE_WAIT_MS = 9_000;
/** Pages kept: the first pages of every category, seller, brand and sort, with room for deep readers. */
const MAX_PAGES = 4_000;

export interface CachedOptions {
  readonly store: ProductStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly meter: Meter;
  readonly maxProducts: number;
}

/** A page as cached: the products are in their own cache, under these ids. */
interface IdPage {
  readonly ids: readonly string[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
}

export function cachedReads({ store, clock, log, meter, maxProducts }: CachedOptions): CatalogueReads {
  const shared = { clock, log, meter };
  // Counts what became unknown: a read that began before a change must not put back what was before it.
  let changes = 0;
  const keep = (found: readonly Product[], began: number) => {
    if (changes === began) for (const product of found) products.put(product.id, product);
  };
  const rememberKeys = ({ id, slug, variants }: Product) => {
    bySlug.put(slug, id);
    for (const { sku } of variants) bySku.put(sku, id);
  };
  const remember = (product: Product) => {
    products.put(product.id, product);
    rememberKeys(product);
    lists.put(product);
  };
  const products: Cache<Product> = createCache<Product>({
    ...shared,
    name: 'catalogue_products',
    ttlMs: TTL.products,
    maxEntries: maxProducts,
    load: async (ids) => new Map((await store.byIds(ids)).map((product) => [product.id, product])),
  });
  const bySku: Cache<string> = createCache<string>({
    ...shared,
    name: 'catalogue_skus',
    ttlMs: TTL.keys,
    maxEntries: maxProducts * 12,
    load: async (skus) => {
      const began = changes;
      const found = await store.bySkus(skus);
      keep(found, began);
      return new Map(found.flatMap(({ id, variants }) => variants.map(({ sku }) => [sku, id] as const)));
    },
  });
  const bySlug: Cache<string> = createCache<string>({
    ...shared,
    name: 'catalogue_slugs',
    ttlMs: TTL.keys,
    maxEntries: maxProducts * 4,
    load: async (slugs) => {
      const began = changes;
      const found = await store.bySlugs(slugs);
      keep(found, began);
      return new Map(found.map(({ slug, id }) => [slug, id]));
    },
  });
  const pages = createCache<IdPage>({
    ...shared,
    name: 'catalogue_lists',
    ttlMs: TTL.lists,
    maxEntries: MAX_PAGES,
    maxBatch: 10,
    loadTimeoutMs: PAGE_WAIT_MS,
    load: async (keys) =>
      new Map(await Promise.all(keys.map(async (key) => [key, await loadPage(key)] as const))),
  });
  const trees = createCache<CategoryTree>({
    ...shared,
    name: 'catalogue_categories',
    ttlMs: TTL.reference,
    maxEntries: 1,
    load: async (keys) => new Map([[keys[0]!, categoryTree(await store.categories())]]),
  });
  const brandLists = createCache<Brands>({
    ...shared,
    name: 'catalogue_brands',
    ttlMs: TTL.reference,
    maxEntries: 1,
    load: async (keys) => new Map([[keys[0]!, brandsOf(await store.brands())]]),
  });

  const lists = indexedLists({
    store,
    clock,
    log,
    maxProducts: MAX_INDEXED,
    maxAgeMs: TTL.reference,
    onProduct(product) {
      const { entries } = products.stats();
      const known = entries < maxProducts ? products.peek(product.id) : product;
      if (!known || known.version < product.version) products.put(product.id, product);
      rememberKeys(product);
    },
  });

  async function loadPage(key: string): Promise<IdPage> {
    const query = JSON.parse(key) as ListQuery;
    let ids = await lists.take(query);
    if (!ids) {
      const began = changes;
      const found = await store.list(query);
      keep(found, began);
      ids = found.map(({ id }) => id);
    }
    const { nodes, ...rest } = toPage(ids, query);
    return { ids: nodes, ...rest };
  }

  /** What somebody changed is read again, many at once, and takes its new place in the lists. */
  const outdated = new Set<string>();
  const refreshSoon = (productId: string) => {
    outdated.add(productId);
    if (outdated.size > 1) return;
    setImmediate(async () => {
      const ids = [...outdated];
      outdated.clear();
      try {
        for (const product of await products.getMany(ids)) if (product) lists.put(product);
      } catch (error) {
        log.warn('changed products could not be read', errorFields(error));
        lists.reset();
      }
      pages.clear();
    });
  };

  return {
    products,
    bySku,
    bySlug,
    remember,
    async page(query) {
      const { ids, ...rest } = (await pages.get(JSON.stringify(query)))!;
      const nodes = await products.getMany(ids);
      // A product may have been withdrawn since its page was cached: then it is shown no more.
      return {
        ...rest,
        nodes: nodes.filter((node) => node !== null && (query.withdrawn || !node.withdrawn)) as Product[],
      };
    },
    tree: async () => (await trees.get('all'))!,
    brands: async () => (await brandLists.get('all'))!,
    treeNow: () => trees.peek('all') ?? undefined,
    brandsNow: () => brandLists.peek('all') ?? undefined,
    changed(productId) {
      changes++;
      pages.clear();
      if (productId === undefined) {
        for (const cache of [products, bySku, bySlug, trees, brandLists]) cache.clear();
        lists.reset();
      } else {
        products.invalidate(productId);
        refreshSoon(productId);
      }
    },
    stats: () => ({
      products: products.stats(),
      skus: bySku.stats(),
      slugs: bySlug.stats(),
      lists: pages.stats(),
      categories: trees.stats(),
      brands: brandLists.stats(),
    }),
  };
}

function brandsOf(found: readonly Brand[]): Brands {
  const all = [...found].sort((a, b) => a.name.localeCompare(b.name, 'en'));
  const byId = new Map(all.map((brand) => [brand.id, brand]));
  const bySlug = new Map(all.map((brand) => [brand.slug, brand]));
  return { all, byId: (id) => byId.get(id), bySlug: (slug) => bySlug.get(slug) };
}
