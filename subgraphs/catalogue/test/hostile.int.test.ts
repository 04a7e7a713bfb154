import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { service } from '@aisle/platform/identity';
import type { Component } from '../../../test/testkit/index.ts';
import type { Ports } from '../store/index.ts';
import { customer, draft, seller, startCatalogue, stopCatalogue, UPSERT } from './harness.ts';

let shop: Component<Ports>;
before(async () => {
  shop = await startCatalogue(2);
});
after(() => stopCatalogue(shop));

const STRINGS = [
  '',
  ' ',
  '\u0000',
  'prd_0000\u0000',
  '\ud800',
  '💥'.repeat(50),
  'x'.repeat(100_000),
  '{"$ne": null}',
  "' OR 1=1 --",
  '../../etc/passwd',
  '__proto__',
  'constructor',
  'prd_eu_0000',
  'sku_0000a',
  'cat_',
  Buffer.from('N\u0000').toString('base64url'),
  Buffer.from(`N${'z'.repeat(400)}`).toString('base64url'),
  Buffer.from('T{"$gt":""}').toString('base64url'),
];
const QUERIES = [
  'query ($s: ID) { product(id: $s) { id } }',
  'query ($s: String) { product(slug: $s) { id } }',
  'query ($s: ID!) { variant(sku: $s) { sku } }',
  'query ($s: String) { category(slug: $s) { id } }',
  'query ($s: ID) { category(id: $s) { id } }',
  'query ($s: String) { brands(after: $s) { nodes { id } } }',
  'query ($s: String) { products(after: $s) { nodes { id } } }',
  'query ($s: String) { products(before: $s, sort: TITLE) { nodes { id } } }',
  'query ($s: ID) { products(filter: { category: $s }) { nodes { id } } }',
  'query ($s: ID) { products(filter: { seller: $s }) { nodes { id } } }',
  'query ($s: ID) { products(filter: { brand: $s }) { nodes { id } } }',
];

it('no text in any argument is more than not found or a wrong argument', async () => {
  for (const query of QUERIES) {
    for (const s of STRINGS) {
      const { errors } = await shop.run(query, { s }, customer);
      const codes = (errors ?? []).map((error) => error.extensions?.code ?? 'GRAPHQL');
      assert.ok(
        codes.every((code) => code === 'BAD_USER_INPUT'),
        `${query} ${JSON.stringify(s.slice(0, 40))}: ${codes}`,
      );
    }
  }
});

it('nor in a reference or a command', async () => {
  const r = STRINGS.flatMap((s) => [
    { __typename: 'Product', id: s },
    { __typename: 'ProductVariant', sku: s },
    { __typename: 'Category', id: s },
    { __typename: 'Brand', id: s },
  ]);
  const query = 'query ($r: [_Any!]!) { _entities(representations: $r) { __typename } }';
  const { data, errors } = await shop.run(query, { r }, customer);
  assert.equal(errors, undefined);
  assert.deepEqual(
    data._entities.filter((entity: unknown) => entity !== null),
    [{ __typename: 'ProductVariant' }],
  );
  const snapshots = await shop.run(
    'query ($s: [ID!]!) { variantSnapshots(skus: $s) { sku } }',
    { s: STRINGS },
    service('cart'),
  );
  assert.deepEqual(snapshots.data.variantSnapshots, [{ sku: 'sku_0000a' }]);
});

it('nor in a product that a seller writes: it is refused with the field, or stored as text', async () => {
  for (const s of STRINGS) {
    for (const changes of [
      { title: s },
      { description: s },
      { slug: s },
      { category: s },
      { brand: s },
      { id: s, expectedVersion: 1 },
      { sellerId: s },
    ]) {
      const input = draft({ variants: [{ size: { amount: 1, unit: 'PIECE' } }], slug: null, ...changes });
      const { data, errors } = await shop.run(UPSERT, { input }, seller);
      const what = `${Object.keys(changes)[0]} ${JSON.stringify(s.slice(0, 40))}`;
      assert.equal(errors, undefined, `${what}: ${JSON.stringify(errors)}`);
      const { product, errors: refusals } = data.upsertProduct;
      assert.ok(product !== null || refusals.length > 0, what);
    }
  }
});

it('numbers out of range are refused, whatever they are', async () => {
  const sizes = [0, -1, 1e-320, 100_001, 1e308];
  for (const amount of sizes) {
    const input = draft({ variants: [{ size: { amount, unit: 'GRAM' } }] });
    const { data } = await shop.run(UPSERT, { input }, seller);
    const paths = data.upsertProduct.errors.map(({ path }: { path: string[] }) => path.at(-1));
    assert.deepEqual(paths, ['amount'], `${amount}`);
  }
  const { errors } = await shop.run(
    'query ($n: Int) { products(first: $n) { nodes { id } } }',
    { n: 2 ** 40 },
    customer,
  );
  assert.ok(errors);
});
