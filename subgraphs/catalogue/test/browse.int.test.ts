import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { service } from '@aisle/platform/identity';
import type { Component } from '../../../test/testkit/index.ts';
import type { Ports } from '../store/index.ts';
import { customer, OTHER_SELLER, SELLER, seller, startCatalogue, stopCatalogue } from './harness.ts';

let it_: Component<Ports>;
before(async () => {
  it_ = await startCatalogue(12, (n) => (n === 10 ? { withdrawn: true } : {}));
});
after(() => stopCatalogue(it_));

const LIST = `query ($first: Int, $after: String, $last: Int, $before: String, $filter: ProductFilter, $sort: ProductSort! = NEWEST) {
  products(first: $first, after: $after, last: $last, before: $before, filter: $filter, sort: $sort) {
    edges { cursor node { id } } nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`;
const list = async (variables: Record<string, unknown> = {}, caller = customer) => {
  const { data, errors } = await it_.run(LIST, variables, caller);
  assert.equal(errors, undefined);
  const page = data.products;
  return { ...page, ids: page.nodes.map(({ id }: { id: string }) => Number(id.slice(-2))) };
};

describe('lists', () => {
  it('show the newest first, without what was withdrawn', async () => {
    assert.deepEqual((await list()).ids, [11, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
  });

  it('go forward and back page by page, with no gap and no repetition', async () => {
    const first = await list({ first: 4 });
    assert.deepEqual(
      [first.ids, first.pageInfo.hasNextPage, first.pageInfo.hasPreviousPage],
      [[11, 9, 8, 7], true, false],
    );
    const second = await list({ first: 4, after: first.pageInfo.endCursor });
    assert.deepEqual([second.ids, second.pageInfo.hasPreviousPage], [[6, 5, 4, 3], true]);
    const third = await list({ first: 4, after: second.pageInfo.endCursor });
    assert.deepEqual([third.ids, third.pageInfo.hasNextPage], [[2, 1, 0], false]);
    const back = await list({ last: 4, before: third.pageInfo.startCursor });
    assert.deepEqual(back.ids, second.ids);
    assert.deepEqual((await list({ last: 2 })).ids, [1, 0]);
    const between = await list({ after: first.edges[0].cursor, before: first.edges[3].cursor });
    assert.deepEqual(between.ids, [9, 8]);
  });

  it('run from A to Z', async () => {
    const page = await list({ first: 3, sort: 'TITLE' });
    assert.deepEqual(page.ids, [11, 9, 8]);
    const next = await list({ first: 3, sort: 'TITLE', after: page.pageInfo.endCursor });
    assert.deepEqual(next.ids, [7, 6, 5]);
  });

  it('keep to category (with what is below), seller, brand and diet', async () => {
    assert.deepEqual((await list({ filter: { category: 'pantry' } })).ids, [8, 6, 4, 2, 0]);
    assert.deepEqual((await list({ filter: { category: 'cat_spaghetti' } })).ids, [8, 6, 4, 2, 0]);
    assert.deepEqual((await list({ filter: { category: 'pesto' } })).ids, []);
    assert.deepEqual((await list({ filter: { seller: OTHER_SELLER } })).ids, [11, 9, 7, 5, 3, 1]);
    assert.deepEqual((await list({ filter: { brand: 'brand-0', dietary: ['VEGAN'] } })).ids, [6, 0]);
    assert.deepEqual((await list({ filter: { dietary: ['VEGAN', 'VEGETARIAN'] } })).ids, [9, 6, 3, 0]);
    for (const filter of [
      { category: 'nowhere' },
      { brand: 'nobody' },
      { seller: 'sel_nobody00' },
      { seller: '$ne' },
    ])
      assert.deepEqual((await list({ filter })).ids, []);
  });

  it('show withdrawn products to their seller only', async () => {
    const filter = { seller: SELLER, includeWithdrawn: true };
    assert.deepEqual((await list({ filter }, seller)).ids, [10, 8, 6, 4, 2, 0]);
    const { errors } = await it_.run(LIST, { filter }, customer);
    assert.equal(errors?.[0].extensions.code, 'FORBIDDEN');
  });

  it('refuse pages that are none', async () => {
    for (const variables of [
      { first: 0 },
      { first: 101 },
      { first: -1 },
      { last: 0 },
      { first: 1, last: 1 },
      { after: 'nonsense' },
    ]) {
      const { errors } = await it_.run(LIST, variables);
      assert.equal(errors?.[0].extensions.code, 'BAD_USER_INPUT', JSON.stringify(variables));
    }
    const newest = await list({ first: 1 });
    const { errors } = await it_.run(LIST, { after: newest.pageInfo.endCursor, sort: 'TITLE' });
    assert.equal(errors?.[0].extensions.code, 'BAD_USER_INPUT', 'a cursor of another list');
  });
});

describe('products', () => {
  it('are found by id and by slug, withdrawn ones too, with everything about them', async () => {
    const { data } =
      await it_.run(`{ a: product(id: "prd_0010") { withdrawn createdAt } b: product(slug: "product-04") { id title seller { id }
      brand { name } category { name level parent { slug } path { slug } } variants { sku label title packs product { id } size { amount unit } }
      attributes { allergens dietary storage } media { id url alt contentType } }
      c: product(id: "prd_9999") { id } d: product(slug: "nothing") { id } e: product(id: "; drop") { id } }`);
    assert.deepEqual(data.a, { withdrawn: true, createdAt: '2023-11-14T22:13:20.010Z' });
    assert.deepEqual([data.c, data.d, data.e], [null, null, null]);
    const { b } = data;
    assert.deepEqual([b.id, b.brand.name, b.seller.id], ['prd_0004', 'Barolli', SELLER]);
    assert.deepEqual(
      b.category.path.map((node: { slug: string }) => node.slug),
      ['pantry', 'pasta0', 'spaghetti'],
    );
    assert.deepEqual(b.variants[1], {
      sku: 'sku_0004b',
      label: '2 × 500 g',
      title: 'Title 95, 2 × 500 g',
      packs: 2,
      product: { id: 'prd_0004' },
      size: { amount: 500, unit: 'GRAM' },
    });
    assert.match(b.media[0].url, /^\/media\/med_0004a\.svg\?v=[\w-]{10}$/);
  });

  it('need exactly one of id and slug', async () => {
    for (const query of [
      '{ product { id } }',
      '{ product(id: "prd_0001", slug: "product-01") { id } }',
      '{ category { id } }',
    ]) {
      const { errors } = await it_.run(query);
      assert.equal(errors?.[0].extensions.code, 'BAD_USER_INPUT');
    }
  });

  it('resolve as entities in one batch, unknown ones to null', async () => {
    it_.ports.reads.changed();
    const before = it_.ports.reads.stats().skus!.loads;
    const representations = [
      ...['sku_0001a', 'sku_0002b', 'sku_0003a', 'sku_9999x', 'nonsense'].map((sku) => ({
        __typename: 'ProductVariant',
        sku,
      })),
      { __typename: 'Product', id: 'prd_0005' },
      { __typename: 'Category', id: 'cat_pesto' },
      { __typename: 'Brand', id: 'brd_0001' },
      { __typename: 'Seller', id: SELLER },
    ];
    const { data, errors } = await it_.run(
      `query ($r: [_Any!]!) { _entities(representations: $r) { ... on ProductVariant { sku product { title } } ... on Product { slug }
        ... on Category { name } ... on Brand { slug } ... on Seller { products(first: 2) { nodes { id } } } } }`,
      { r: representations },
    );
    assert.equal(errors, undefined);
    assert.deepEqual(
      data._entities.slice(0, 5).map((entity: { sku: string } | null) => entity?.sku),
      ['sku_0001a', 'sku_0002b', 'sku_0003a', undefined, undefined],
    );
    assert.deepEqual(data._entities.slice(5, 8), [
      { slug: 'product-05' },
      { name: 'pesto' },
      { slug: 'brand-1' },
    ]);
    assert.equal(data._entities[8].products.nodes.length, 2);
    assert.equal(it_.ports.reads.stats().skus!.loads - before, 1);
  });
});

describe('categories and brands', () => {
  it('are a tree in shop order', async () => {
    const { data } = await it_.run(
      '{ categories { slug level children { slug children { slug children { slug } } } } }',
    );
    assert.deepEqual(data.categories[0], {
      slug: 'pantry',
      level: 1,
      children: [
        { slug: 'pasta0', children: [{ slug: 'spaghetti', children: [] }] },
        { slug: 'sauces', children: [{ slug: 'pesto', children: [] }] },
      ],
    });
    const found = await it_.run('{ category(slug: "pantry") { products(first: 2) { nodes { id } } } }');
    assert.deepEqual(
      found.data.category.products.nodes.map(({ id }: { id: string }) => id),
      ['prd_0008', 'prd_0006'],
    );
  });

  it('brands go page by page in the order of people', async () => {
    const { data } = await it_.run(
      '{ brands(first: 2) { nodes { name } pageInfo { hasNextPage endCursor } } }',
    );
    assert.deepEqual(
      data.brands.nodes.map(({ name }: { name: string }) => name),
      ['Barolli', 'Éclair'],
    );
    const next = await it_.run(
      'query ($after: String) { brands(after: $after) { nodes { name } pageInfo { hasNextPage } } }',
      { after: data.brands.pageInfo.endCursor },
    );
    assert.deepEqual(next.data.brands, { nodes: [{ name: 'zeta' }], pageInfo: { hasNextPage: false } });
  });
});

describe('the command variantSnapshots', () => {
  const SNAPSHOTS =
    'query ($skus: [ID!]!) { variantSnapshots(skus: $skus) { sku productId title sellerId categoryId imageUrl withdrawn version } }';

  it('gives other contexts what they keep, and leaves out what is unknown', async () => {
    const { data } = await it_.run(
      SNAPSHOTS,
      { skus: ['sku_0010a', 'sku_nope', 'sku_0001b', 'sku_0010a'] },
      service('cart'),
    );
    assert.deepEqual(
      data.variantSnapshots.map(({ imageUrl: _, ...rest }: Record<string, unknown>) => rest),
      [
        {
          sku: 'sku_0010a',
          productId: 'prd_0010',
          title: 'Title 89, 250 g',
          sellerId: SELLER,
          categoryId: 'cat_spaghetti',
          withdrawn: true,
          version: 1,
        },
        {
          sku: 'sku_0001b',
          productId: 'prd_0001',
          title: 'Title 98, 2 × 500 g',
          sellerId: OTHER_SELLER,
          categoryId: 'cat_apples',
          withdrawn: false,
          version: 1,
        },
      ],
    );
  });

  it('is not for people', async () => {
    for (const caller of [customer, seller, service('payments')]) {
      const { errors } = await it_.run(SNAPSHOTS, { skus: ['sku_0001a'] }, caller);
      assert.equal(errors?.[0].extensions.code, 'FORBIDDEN');
    }
  });
});
