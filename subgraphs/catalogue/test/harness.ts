import type { Caller } from '@aisle/platform/identity';
import { type Component, freshName, startComponent, testStores } from '../../../test/testkit/index.ts';
import { categoryTree } from '../domain/category-tree.ts';
import type { Product } from '../domain/product.ts';
import { catalogue } from '../index.ts';
import type { Ports } from '../store/index.ts';
import { seed } from '../store/seed.ts';

export const SELLER = 'sel_01tests0000000000000000000';
export const OTHER_SELLER = 'sel_02tests0000000000000000000';

export const seller: Caller = {
  kind: 'user',
  subject: 'usr_eu_01seller',
  roles: ['customer', 'seller'],
  region: 'eu',
  sellerId: SELLER,
};
export const otherSeller: Caller = { ...seller, subject: 'usr_eu_02seller', sellerId: OTHER_SELLER };
export const customer: Caller = {
  kind: 'user',
  subject: 'usr_eu_03customer',
  roles: ['customer'],
  region: 'eu',
};
export const staff: Caller = { kind: 'user', subject: 'usr_eu_04staff', roles: ['staff'], region: 'eu' };

const category = (id: string, parentId: string | null, position: number) => ({
  id: `cat_${id}`,
  slug: id,
  name: id,
  parentId: parentId && `cat_${parentId}`,
  position,
});
export const CATEGORIES = [
  category('pantry', null, 0),
  category('fresh0', null, 1),
  category('pasta0', 'pantry', 0),
  category('sauces', 'pantry', 1),
  category('spaghetti', 'pasta0', 0),
  category('pesto', 'sauces', 0),
  category('fruit0', 'fresh0', 0),
  category('apples', 'fruit0', 0),
];
export const BRANDS = ['Barolli', 'Éclair', 'zeta'].map((name, i) => ({
  id: `brd_000${i}`,
  slug: `brand-${i}`,
  name,
}));

const tree = categoryTree(CATEGORIES);
const two = (n: number) => String(n).padStart(2, '0');

/** Product number `n`: even ones are spaghetti of the seller, odd ones apples of the other. */
export function product(n: number, changes: Partial<Product> = {}): Product {
  const leaf = n % 2 === 0 ? 'cat_spaghetti' : 'cat_apples';
  return {
    id: `prd_00${two(n)}`,
    slug: `product-${two(n)}`,
    title: `Title ${two(99 - n)}`,
    description: 'Something good to eat.',
    brandId: n % 2 === 0 ? BRANDS[0]!.id : null,
    categoryPath: tree.byId(leaf)!.path,
    sellerId: n % 2 === 0 ? SELLER : OTHER_SELLER,
    variants: [
      { sku: `sku_00${two(n)}a`, gtin: null, size: { amount: 250, unit: 'GRAM' }, packs: 1 },
      { sku: `sku_00${two(n)}b`, gtin: null, size: { amount: 500, unit: 'GRAM' }, packs: 2 },
    ],
    picture: { shape: 'bag', base: '#c8352b', accent: '#fff1d0', motif: 'noodle' },
    attributes: {
      ingredients: null,
      allergens: n % 2 === 0 ? ['GLUTEN'] : [],
      dietary: n % 3 === 0 ? ['VEGAN', 'VEGETARIAN'] : ['VEGETARIAN'],
      nutrition: null,
      origin: null,
      storage: 'AMBIENT',
    },
    withdrawn: false,
    version: 1,
    createdAt: 1_700_000_000_000 + n,
    updatedAt: 1_700_000_000_000 + n,
    ...changes,
  };
}

/** The catalogue on a database of its own, holding `count` products. */
export async function startCatalogue(
  count = 12,
  changes?: (n: number) => Partial<Product>,
  server?: URL,
): Promise<Component<Ports>> {
  const url = server ?? new URL((await testStores()).MONGODB_URL);
  // The driver tells of its commands, so that tests can count them.
  url.searchParams.set('monitorCommands', 'true');
  const definition = { ...catalogue, name: freshName('catalogue') };
  const component = await startComponent(definition, { env: { MONGODB_URL: url.href } });
  const products = Array.from({ length: count }, (_, n) => product(n, changes?.(n)));
  await seed(component.subgraph.platform, { categories: CATEGORIES, brands: BRANDS, products: [products] });
  component.ports.reads.changed();
  return component;
}

/** Ends it and leaves no database behind. */
export async function stopCatalogue(component: Component<Ports>): Promise<void> {
  const { db } = await component.subgraph.platform.mongo();
  await db.dropDatabase();
  await component.stop();
}

/** A draft that is accepted as it is. */
export const draft = (changes: Record<string, unknown> = {}) => ({
  title: 'Barolli Spaghetti No 5',
  description: 'Durum wheat semolina, drawn through bronze.',
  category: 'spaghetti',
  brand: 'brand-0',
  variants: [
    { gtin: '4006381333931', size: { amount: 500, unit: 'GRAM' } },
    { size: { amount: 1, unit: 'KILOGRAM' } },
  ],
  attributes: { allergens: ['GLUTEN'], dietary: ['VEGAN', 'VEGETARIAN'], origin: 'IT' },
  ...changes,
});

export const ERRORS = 'errors { __typename code message path ... on VersionConflict { expected actual } }';
export const UPSERT = `mutation ($input: UpsertProductInput!) { upsertProduct(input: $input) { product {
  id slug title version withdrawn category { slug path { slug } } brand { name } seller { id }
  variants { sku label gtin title withdrawn image { id url alt } } } ${ERRORS} } }`;
