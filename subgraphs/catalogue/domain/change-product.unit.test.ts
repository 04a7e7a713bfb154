import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { categoryTree } from './category-tree.ts';
import { createProduct, type Outcome, replaceProduct, setWithdrawn } from './change-product.ts';
import { variantLabel } from './product.ts';
import type { ProductDraft } from './product-draft.ts';

const tree = categoryTree([
  { id: 'c1', slug: 'pantry', name: 'Pantry', parentId: null, position: 0 },
  { id: 'c2', slug: 'pasta', name: 'Pasta', parentId: 'c1', position: 0 },
  { id: 'c3', slug: 'long', name: 'Long Pasta', parentId: 'c2', position: 0 },
]);
const draft: ProductDraft = {
  title: '  Crème Spaghetti № 5 ',
  description: 'Made of durum wheat.',
  variants: [
    { size: { amount: 1, unit: 'KILOGRAM' }, packs: 1 },
    { size: { amount: 500, unit: 'GRAM' }, packs: 1, gtin: '4006381333931' },
  ],
  attributes: {
    ingredients: null,
    allergens: ['GLUTEN'],
    dietary: ['VEGAN'],
    nutrition: null,
    origin: 'IT',
    storage: 'AMBIENT',
  },
};
const references = {
  category: tree.byId('c3'),
  brand: null,
  categoryNames: ['Pantry', 'Pasta', 'Long Pasta'],
};
const context = {
  sellerId: 'sel_1',
  now: 1_000,
  newProductId: 'prd_1',
  newSkus: ['sku_1', 'sku_2', 'sku_3'],
};

const changed = (outcome: Outcome) => {
  assert.equal(outcome.kind, 'changed');
  return outcome.kind === 'changed' ? outcome.product : assert.fail();
};
const paths = (outcome: Outcome) =>
  outcome.kind === 'refused' ? outcome.refusals.map(({ path }) => path.slice(1).join('.')) : [];
const product = changed(createProduct(draft, references, context));

describe('a new product', () => {
  it('stands in its category, with its sizes from small to large and a picture of its kind', () => {
    assert.deepEqual(
      [product.version, product.slug, product.title],
      [1, 'creme-spaghetti-no-5', 'Crème Spaghetti № 5'],
    );
    assert.deepEqual(product.categoryPath, ['c1', 'c2', 'c3']);
    assert.deepEqual(
      product.variants.map(({ sku }) => sku),
      ['sku_2', 'sku_1'],
    );
    assert.deepEqual([product.picture.shape, product.picture.motif], ['bag', 'noodle']);
  });

  it('is refused with everything that is wrong at once', () => {
    const bad = {
      ...draft,
      title: 'x',
      variants: [{ sku: 'sku_9', gtin: '1', size: { amount: -1, unit: 'GRAM' as const }, packs: 0 }],
    };
    const outcome = createProduct(bad, { category: undefined, brand: undefined, categoryNames: [] }, context);
    assert.deepEqual(paths(outcome).sort(), [
      'brand',
      'category',
      'title',
      'variants.0.gtin',
      'variants.0.packs',
      'variants.0.size.amount',
      'variants.0.sku',
    ]);
  });

  it('cannot be vegan with milk, gluten-free with gluten or vegetarian with fish', () => {
    const attributes = {
      ...draft.attributes,
      allergens: ['MILK', 'GLUTEN', 'FISH'] as const,
      dietary: ['VEGAN', 'GLUTEN_FREE', 'VEGETARIAN'] as const,
    };
    assert.equal(paths(createProduct({ ...draft, attributes }, references, context)).length, 3);
  });
});

describe('a change', () => {
  const same = { ...draft, variants: product.variants };

  it('counts versions and keeps slug, seller and birth', () => {
    const next = changed(
      replaceProduct(product, 1, { ...same, title: 'Renamed' }, references, {
        ...context,
        now: 2_000,
        newProductId: 'prd_x',
      }),
    );
    assert.deepEqual(
      [next.id, next.version, next.slug, next.createdAt, next.updatedAt],
      ['prd_1', 2, product.slug, 1_000, 2_000],
    );
  });

  it('is refused on another version than the current one, whatever else is wrong', () => {
    const outcome = replaceProduct(product, 3, { ...same, title: '' }, references, context);
    assert.equal(outcome.kind === 'refused' && outcome.refusals[0]?.__typename, 'VersionConflict');
  });

  it('never drops a size', () => {
    assert.deepEqual(
      paths(replaceProduct(product, 1, { ...same, variants: [product.variants[0]!] }, references, context)),
      ['variants'],
    );
  });
});

describe('withdrawing', () => {
  it('is done once, and undone once', () => {
    const off = changed(setWithdrawn(product, 1, true, 5));
    assert.deepEqual([off.withdrawn, off.version, off.updatedAt], [true, 2, 5]);
    assert.equal(setWithdrawn(off, 1, true, 6).kind, 'unchanged');
    assert.equal(setWithdrawn(off, 1, false, 6).kind, 'refused');
    assert.equal(changed(setWithdrawn(off, 2, false, 6)).version, 3);
  });
});

it('labels read as on the shelf', () => {
  assert.equal(variantLabel({ size: { amount: 500, unit: 'GRAM' }, packs: 1 }), '500 g');
  assert.equal(variantLabel({ size: { amount: 330, unit: 'MILLILITRE' }, packs: 6 }), '6 × 330 ml');
  assert.equal(variantLabel({ size: { amount: 1, unit: 'PIECE' }, packs: 1 }), '1 piece');
  assert.equal(variantLabel({ size: { amount: 1.5, unit: 'LITRE' }, packs: 1 }), '1.5 l');
});
