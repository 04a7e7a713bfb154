import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import type { Product } from '@aisle/catalogue/seed';
import { REGIONS } from '@aisle/platform/identity';
import { parseId } from '@aisle/platform/ids';
import { isGtin } from '../../../subgraphs/catalogue/domain/gtin.ts';
import { MOTIFS } from '../../../subgraphs/catalogue/domain/picture/icons.ts';
import { draftProblems } from '../../../subgraphs/catalogue/domain/product-draft.ts';
import { pretty } from '../goods/price.ts';
import { batchesOf, openShop } from '../goods/shop.ts';
import { OPENED } from '../index.ts';

const shop = openShop(OPENED);
const batches = [...batchesOf(shop, 2_000, 1_000)];
const products = batches.flatMap((batch) => batch.products);
const variants = products.flatMap((product) => product.variants);
const unique = (values: readonly unknown[]) => new Set(values).size === values.length;

describe('the demo catalogue', () => {
  it('is 2 000 products in 5 000 variants of 40 sellers', () => {
    assert.deepEqual([products.length, variants.length, shop.sellers.length], [2_000, 5_000, 40]);
    assert.ok(
      new Set(products.map(({ sellerId }) => sellerId)).size >= 38,
      'nearly every seller sells something',
    );
  });

  it('has unique ids, slugs, titles, SKUs and GTINs with valid check digits', () => {
    for (const key of ['id', 'slug', 'title'] as const)
      assert.ok(unique(products.map((product) => product[key])), key);
    assert.ok(unique(variants.map(({ sku }) => sku)));
    assert.ok(unique(variants.map(({ gtin }) => gtin)));
    for (const { gtin, sku } of variants) {
      assert.ok(gtin && isGtin(gtin), `${gtin}`);
      assert.equal(parseId(sku)?.prefix, 'sku');
    }
  });

  it('would be accepted by the catalogue itself: lengths, sizes, nutrition, diets against allergens', () => {
    for (const product of products) assert.deepEqual(draftProblems(product), [], product.title);
  });

  it('calls nothing vegan that is not', () => {
    const animal =
      /beef|chicken|lamb|pork|salmon|prawn|tuna|ham\b|cheese|milk\b|butter\b|yoghurt\b|egg|honey/i;
    const meatless =
      /almond butter|peanut butter|butter drink|coconut milk|alternative|cocoa butter|plant|almond|peanut/i;
    for (const { title, attributes } of products.filter((product) =>
      product.attributes.dietary.includes('VEGAN'),
    ))
      assert.ok(!animal.test(title) || meatless.test(title), `${title}: ${attributes.dietary}`);
  });

  it('stands on the leaves of a tree of three levels', () => {
    const byId = new Map(shop.categories.map((category) => [category.id, category]));
    assert.ok(unique(shop.categories.map(({ slug }) => slug)));
    for (const { categoryPath } of products) {
      assert.equal(categoryPath.length, 3);
      for (const [level, id] of categoryPath.entries())
        assert.equal(byId.get(id)?.parentId ?? null, level === 0 ? null : categoryPath[level - 1]);
    }
  });

  it('has a drawable picture for everything', () => {
    for (const { picture, title } of products) {
      assert.match(picture.base, /^#[0-9a-f]{6}$/, title);
      assert.ok(picture.motif === '' || MOTIFS.includes(picture.motif), `${title}: ${picture.motif}`);
    }
  });

  it('is the same every time, and the beginning of a larger one', () => {
    const digest = (list: readonly Product[]) =>
      createHash('sha256').update(JSON.stringify(list)).digest('hex');
    const again = [...batchesOf(openShop(OPENED), 2_000, 700)].flatMap((batch) => batch.products);
    assert.equal(digest(again), digest(products));
  });

  it('grows to 20 000 without a clash', () => {
    const slugs = new Set<string>();
    const gtins = new Set<string | null>();
    let count = 0;
    for (const batch of batchesOf(shop, 20_000, 2_000)) {
      for (const product of batch.products) {
        slugs.add(product.slug);
        for (const { gtin } of product.variants) gtins.add(`${product.sellerId} ${gtin}`);
        count++;
      }
    }
    assert.deepEqual([slugs.size, gtins.size], [count, 50_000]);
  });
});

describe('prices and stock', () => {
  const prices = batches.flatMap((batch) => batch.prices);

  it('there is one price per variant and region, of a believable size', () => {
    assert.equal(prices.length, 25_000);
    assert.ok(unique(prices.map(({ sku, region }) => `${sku} ${region}`)));
    for (const { minor, region } of prices.filter((price) => price.region === 'eu'))
      assert.ok(minor >= 19 && minor <= 15_000, `${region} ${minor}`);
  });

  it('ends as shop prices do', () => {
    assert.equal(pretty('eu', 247), 249);
    assert.equal(pretty('us', 1), 19);
    assert.equal(pretty('gb', 118), 120);
    assert.equal(pretty('in', 12_240), 12_500);
    assert.equal(pretty('br', 1_082), 1_079);
  });

  it('twelve warehouses in five regions hold nearly everything', () => {
    assert.equal(REGIONS.flatMap((region) => shop.warehouses[region]).length, 12);
    const levels = batches.flatMap((batch) => batch.levels);
    assert.ok(unique(levels.map(({ sku, warehouseId }) => `${sku} ${warehouseId}`)));
    const empty = levels.filter(({ onHand }) => onHand === 0).length / 25_000;
    assert.ok(empty > 0.005 && empty < 0.03, `${empty}`);
  });
});
