import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Product } from '../domain/product.ts';
import { type ListQuery, sortKey, titleKey } from '../domain/product-list.ts';
import { indexedLists } from './indexed-lists.ts';
import { createListIndex } from './list-index.ts';

const TAGS = ['VEGAN', 'ORGANIC'] as const;
const arbitraryProduct = fc
  .record({
    n: fc.integer({ min: 0, max: 30 }),
    title: fc.constantFrom('Apple', 'apple', 'Éclair', 'Zucchini', 'Bread'),
    version: fc.integer({ min: 1, max: 4 }),
    category: fc.constantFrom('c1', 'c2'),
    seller: fc.constantFrom('s1', 's2'),
    brand: fc.constantFrom('b1', null),
    dietary: fc.subarray([...TAGS]),
    withdrawn: fc.boolean(),
  })
  .map(
    ({ n, title, version, category, seller, brand, dietary, withdrawn }) =>
      ({
        id: `prd_${String(n).padStart(4, '0')}`,
        title,
        version,
        withdrawn,
        categoryPath: ['root', category],
        sellerId: seller,
        brandId: brand,
        attributes: { dietary },
      }) as unknown as Product,
  );
const arbitraryQuery = fc.record({
  categoryId: fc.constantFrom(null, 'root', 'c1'),
  sellerId: fc.constantFrom(null, 's1'),
  brandId: fc.constantFrom(null, 'b1'),
  dietary: fc.subarray([...TAGS]),
  withdrawn: fc.boolean(),
  sort: fc.constantFrom('NEWEST' as const, 'TITLE' as const),
  limit: fc.integer({ min: 1, max: 8 }),
  direction: fc.constantFrom('forward' as const, 'backward' as const),
});

/** The same by looking at everything. */
function expected(products: Iterable<Product>, query: ListQuery): string[] {
  const { sort, after, before } = query;
  const sign = sort === 'NEWEST' ? -1 : 1;
  const compare = (a: string, b: string) => sign * (a < b ? -1 : a > b ? 1 : 0);
  const list = [...products]
    .filter((p) => query.withdrawn || !p.withdrawn)
    .filter((p) => query.categoryId === null || p.categoryPath.includes(query.categoryId))
    .filter((p) => query.sellerId === null || p.sellerId === query.sellerId)
    .filter((p) => query.brandId === null || p.brandId === query.brandId)
    .filter((p) => query.dietary.every((tag) => p.attributes.dietary.includes(tag)))
    .map((p) => ({ id: p.id, key: sortKey(p, sort) }))
    .filter(({ key }) => after === null || compare(key, after) > 0)
    .filter(({ key }) => before === null || compare(key, before) < 0)
    .sort((a, b) => compare(a.key, b.key));
  if (query.direction === 'backward') list.reverse();
  return list.slice(0, query.limit + 1).map(({ id }) => id);
}

test('a page is what looking at every product would give, whatever changed in whatever order', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(arbitraryProduct, fc.boolean()), { maxLength: 80 }),
      arbitraryQuery,
      fc.option(arbitraryProduct, { nil: null }),
      fc.option(arbitraryProduct, { nil: null }),
      (changes, rest, from, to) => {
        const index = createListIndex();
        const known = new Map<string, Product>();
        for (const [product, isAsked] of changes) {
          index.put(product);
          if ((known.get(product.id)?.version ?? 0) < product.version) known.set(product.id, product);
          if (isAsked) index.take({ ...rest, after: null, before: null });
        }
        const cursor = (product: Product | null) => product && sortKey(product, rest.sort);
        const query = { ...rest, after: cursor(from), before: cursor(to) };
        assert.deepEqual(index.take(query), expected(known.values(), query));
      },
    ),
    { numRuns: 2_000 },
  );
});

test('what changes while the index is built is in it, and a missed change builds it anew', async () => {
  const product = (id: string, version: number, title: string) =>
    ({
      id,
      version,
      title,
      withdrawn: false,
      categoryPath: [],
      sellerId: '',
      brandId: null,
      attributes: { dietary: [] },
    }) as unknown as Product;
  let scans = 0;
  let during = () => {};
  const lists = indexedLists({
    store: {
      async *scan() {
        scans++;
        yield [product('prd_a', 1, 'Old')];
        during();
        yield [product('prd_b', 1, 'Other')];
      },
    },
    clock: { now: () => 0 },
    log: { debug() {}, info() {}, warn() {}, error() {}, child: () => assert.fail() },
    maxProducts: 10,
    maxAgeMs: 1_000,
    onProduct() {},
  });
  const query = {
    categoryId: null,
    sellerId: null,
    brandId: null,
    dietary: [],
    withdrawn: false,
    sort: 'TITLE',
    limit: 5,
    direction: 'forward',
    after: null,
    before: null,
  } as const;
  during = () => lists.put(product('prd_a', 2, 'Z last'));
  assert.deepEqual(await lists.take(query), ['prd_b', 'prd_a']);
  assert.equal(scans, 1);
  assert.equal(titleKey({ id: 'x', title: 'É' }), 'e\u0001x');
  during = () => {
    during = () => {};
    lists.reset();
  };
  lists.reset();
  assert.deepEqual(await lists.take(query), ['prd_a', 'prd_b']);
  assert.equal(scans, 3, 'a reset during the build starts it again');
});
