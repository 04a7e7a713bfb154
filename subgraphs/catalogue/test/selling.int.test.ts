import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { anonymous, type Caller } from '@aisle/platform/identity';
import { type Component, until } from '../../../test/testkit/index.ts';
import type { Ports } from '../store/index.ts';
import {
  customer,
  draft,
  ERRORS,
  OTHER_SELLER,
  otherSeller,
  SELLER,
  seller,
  staff,
  startCatalogue,
  stopCatalogue,
  UPSERT,
} from './harness.ts';

let shop: Component<Ports>;
before(async () => {
  shop = await startCatalogue(2);
});
after(() => stopCatalogue(shop));

const upsert = async (input: Record<string, unknown>, caller: Caller = seller) => {
  // Ids sort by time: what comes later is newer.
  shop.clock.advance(1);
  const { data, errors } = await shop.run(UPSERT, { input }, caller);
  assert.equal(errors, undefined, JSON.stringify(errors));
  return data.upsertProduct;
};
const mutate = async (
  field: 'withdrawProduct' | 'reinstateProduct',
  id: string,
  expectedVersion: number,
  caller: Caller = seller,
) => {
  const type = field === 'withdrawProduct' ? 'WithdrawProductInput' : 'ReinstateProductInput';
  const query = `mutation ($input: ${type}!) { ${field}(input: $input) { product { id version withdrawn } ${ERRORS} } }`;
  const { data, errors } = await shop.run(query, { input: { id, expectedVersion } }, caller);
  assert.equal(errors, undefined, JSON.stringify(errors));
  return data[field];
};
const outbox = async () => (await shop.subgraph.platform.mongo()).db.collection('outbox').countDocuments();
const newest = async () =>
  (await shop.run('{ products(first: 1) { nodes { id } } }')).data.products.nodes[0]?.id;

let serial = 0;
/** A draft of which no part is taken yet. */
const fresh = (changes: Record<string, unknown> = {}) =>
  draft({
    title: `Barolli Spaghetti No ${++serial + 100}`,
    variants: [{ size: { amount: 500, unit: 'GRAM' } }],
    ...changes,
  });

describe('upsertProduct', () => {
  it('creates a product that is at once everywhere, and tells the others', async () => {
    await newest();
    const { product, errors } = await upsert(draft());
    assert.deepEqual(errors, []);
    assert.match(product.id, /^prd_/);
    assert.deepEqual(
      [product.slug, product.version, product.withdrawn, product.seller.id],
      ['barolli-spaghetti-no-5', 1, false, SELLER],
    );
    assert.deepEqual(
      product.category.path.map(({ slug }: { slug: string }) => slug),
      ['pantry', 'pasta0', 'spaghetti'],
    );
    assert.deepEqual(
      product.variants.map(({ label, gtin }: Record<string, string>) => [label, gtin]),
      [
        ['500 g', '4006381333931'],
        ['1 kg', null],
      ],
    );
    assert.equal(await newest(), product.id, 'the cached first page knows it');
    const event = await until(() => shop.bus.published.find(({ subject }) => subject === product.id));
    assert.deepEqual([event.type, event.version], ['ProductChanged.v1', 1]);
    assert.deepEqual(event.data, {
      productId: product.id,
      sellerId: SELLER,
      skus: product.variants.map(({ sku }: { sku: string }) => sku),
      withdrawn: false,
      version: 1,
    });
  });

  it('replaces it, version by version; existing sizes keep their SKU', async () => {
    const { product } = await upsert(fresh());
    const [{ sku }] = product.variants;
    const changed = await upsert({
      ...fresh({ title: 'Renamed' }),
      id: product.id,
      expectedVersion: 1,
      variants: [
        { sku, size: { amount: 450, unit: 'GRAM' } },
        { size: { amount: 100, unit: 'GRAM' }, packs: 3 },
      ],
    });
    assert.deepEqual(changed.errors, []);
    assert.deepEqual(
      [changed.product.title, changed.product.version, changed.product.slug],
      ['Renamed', 2, product.slug],
    );
    assert.deepEqual(
      changed.product.variants.map(({ label }: { label: string }) => label),
      ['3 × 100 g', '450 g'],
    );
    assert.equal(changed.product.variants[1].sku, sku);
    const { data } = await shop.run('query ($sku: ID!) { variant(sku: $sku) { title } }', { sku });
    assert.equal(data.variant.title, 'Renamed, 450 g');
  });

  it('refuses an outdated version, and lets one of two at once win', async () => {
    const { product } = await upsert(fresh());
    const keep = product.variants.map(({ sku }: { sku: string }) => ({
      sku,
      size: { amount: 1, unit: 'KILOGRAM' },
    }));
    const change = (title: string) =>
      upsert({ ...fresh({ title }), id: product.id, expectedVersion: 1, variants: keep });
    const answers = await Promise.all([change('One'), change('Two'), change('Three')]);
    const [won] = answers.filter(({ errors }) => errors.length === 0);
    assert.equal(answers.filter(({ errors }) => errors.length === 0).length, 1);
    for (const { errors } of answers.filter((answer) => answer !== won)) {
      assert.equal(errors[0].__typename, 'VersionConflict');
      assert.deepEqual([errors[0].expected, errors[0].actual], [1, 2]);
    }
    const { data } = await shop.run('query ($id: ID) { product(id: $id) { title version } }', {
      id: product.id,
    });
    assert.deepEqual(data.product, { title: won.product.title, version: 2 });
  });

  const bad: [string, Record<string, unknown>, string, string][] = [
    [
      'a wrong check digit',
      { variants: [{ gtin: '4006381333932', size: { amount: 1, unit: 'KILOGRAM' } }] },
      'InvalidInput',
      'variants.0.gtin',
    ],
    [
      'a size of nothing',
      { variants: [{ size: { amount: 0, unit: 'GRAM' } }] },
      'InvalidInput',
      'variants.0.size.amount',
    ],
    [
      'half a piece',
      { variants: [{ size: { amount: 0.5, unit: 'PIECE' } }] },
      'InvalidInput',
      'variants.0.size.amount',
    ],
    ['no variants', { variants: [] }, 'InvalidInput', 'variants'],
    [
      'too many packs',
      { variants: [{ size: { amount: 1, unit: 'PIECE' }, packs: 101 }] },
      'InvalidInput',
      'variants.0.packs',
    ],
    ['a short title', { title: 'ab' }, 'InvalidInput', 'title'],
    ['a title that is too long', { title: 'x'.repeat(141) }, 'InvalidInput', 'title'],
    ['a short description', { description: 'nice' }, 'InvalidInput', 'description'],
    ['an unknown category', { category: 'cat_nowhere' }, 'InvalidInput', 'category'],
    ['a category that is no leaf', { category: 'pantry' }, 'InvalidInput', 'category'],
    ['an unknown brand', { brand: 'nobody' }, 'InvalidInput', 'brand'],
    ['a slug that is none', { slug: 'No Slug!' }, 'InvalidInput', 'slug'],
    ['a taken slug', { slug: 'product-00' }, 'InvalidInput', 'slug'],
    [
      'vegan milk',
      { attributes: { allergens: ['MILK'], dietary: ['VEGAN'] } },
      'InvalidInput',
      'attributes.dietary',
    ],
    [
      'sugars above carbohydrate',
      {
        attributes: {
          nutrition: {
            energyKcal: 100,
            fat: 1,
            saturatedFat: 0,
            carbohydrate: 5,
            sugars: 6,
            fibre: 0,
            protein: 0,
            salt: 0,
          },
        },
      },
      'InvalidInput',
      'attributes.nutrition.sugars',
    ],
    ['a country that is none', { attributes: { origin: 'Italy' } }, 'InvalidInput', 'attributes.origin'],
    [
      'a SKU that it cannot have',
      { variants: [{ sku: 'sku_0000a', size: { amount: 1, unit: 'KILOGRAM' } }] },
      'NotFound',
      'variants.0.sku',
    ],
    ['another seller', { sellerId: OTHER_SELLER }, 'NotAllowed', 'sellerId'],
    ['an unknown product', { id: 'prd_9999', expectedVersion: 1 }, 'NotFound', 'id'],
    ['another seller’s product', { id: 'prd_0001', expectedVersion: 1 }, 'NotAllowed', 'id'],
    ['a change without a version', { id: 'prd_0000' }, 'InvalidInput', 'expectedVersion'],
    ['a change that drops a size', { id: 'prd_0000', expectedVersion: 1 }, 'InvalidInput', 'variants'],
  ];
  for (const [name, changes, type, path] of bad) {
    it(`refuses ${name} and changes nothing`, async () => {
      const before = await outbox();
      const { product, errors } = await upsert(fresh(changes));
      assert.equal(product, null);
      assert.deepEqual([errors[0].__typename, errors[0].path.slice(1).join('.')], [type, path]);
      assert.equal(await outbox(), before);
    });
  }

  it('refuses a GTIN that the seller lists already; another seller may have it', async () => {
    const variants = [{ gtin: '96385074', size: { amount: 1, unit: 'PIECE' } }];
    assert.deepEqual((await upsert(fresh({ variants }))).errors, []);
    const again = await upsert(fresh({ variants }));
    assert.deepEqual(
      [again.errors[0].__typename, again.errors[0].path],
      ['InvalidInput', ['input', 'variants']],
    );
    assert.deepEqual((await upsert(fresh({ variants }), otherSeller)).errors, []);
  });

  it('is for sellers and staff', async () => {
    assert.equal((await upsert(fresh(), customer)).errors[0].__typename, 'NotAllowed');
    const { errors } = await shop.run(UPSERT, { input: fresh() }, anonymous());
    assert.equal(errors?.[0].extensions.code, 'UNAUTHENTICATED');
    assert.equal((await upsert(fresh(), staff)).errors[0].path[1], 'sellerId');
    assert.equal((await upsert(fresh({ sellerId: SELLER }), staff)).product.seller.id, SELLER);
    const program = (scopes: string[]): Caller => ({ ...seller, subject: 'key_01test', scopes });
    assert.equal((await upsert(fresh(), program(['CATALOGUE_READ']))).errors[0].__typename, 'NotAllowed');
    assert.deepEqual((await upsert(fresh(), program(['CATALOGUE_WRITE']))).errors, []);
  });
});

describe('withdrawing', () => {
  it('takes a product off every list, keeps it findable, and can be taken back', async () => {
    const { product } = await upsert(fresh());
    assert.equal(await newest(), product.id);
    const withdrawn = await mutate('withdrawProduct', product.id, 1);
    assert.deepEqual(withdrawn, { product: { id: product.id, version: 2, withdrawn: true }, errors: [] });
    assert.notEqual(await newest(), product.id);
    const { data } = await shop.run('query ($sku: ID!) { variant(sku: $sku) { withdrawn } }', {
      sku: product.variants[0].sku,
    });
    assert.equal(data.variant.withdrawn, true);
    const event = await until(() =>
      shop.bus.published.find(
        ({ subject, type }) => subject === product.id && type === 'ProductWithdrawn.v1',
      ),
    );
    assert.deepEqual(event.data, { productId: product.id, skus: [product.variants[0].sku] });

    const twice = await mutate('withdrawProduct', product.id, 1);
    assert.deepEqual([twice.product.version, twice.errors], [2, []], 'twice is once');
    const conflict = await mutate('reinstateProduct', product.id, 1);
    assert.equal(conflict.errors[0].__typename, 'VersionConflict');
    assert.deepEqual((await mutate('reinstateProduct', product.id, 2)).product, {
      id: product.id,
      version: 3,
      withdrawn: false,
    });
    assert.equal(await newest(), product.id);
  });

  it('is for its seller and staff', async () => {
    assert.equal((await mutate('withdrawProduct', 'prd_0001', 1)).errors[0].__typename, 'NotAllowed');
    assert.equal(
      (await mutate('withdrawProduct', 'prd_0001', 1, customer)).errors[0].__typename,
      'NotAllowed',
    );
    assert.equal((await mutate('withdrawProduct', 'prd_0001', 1, staff)).product.withdrawn, true);
  });
});
