import type { Nutrition, Product, Variant } from '@aisle/catalogue/seed';
import { seededId } from '../ids.ts';
import { hash32, type Random, randomOf } from '../random.ts';
import type { SeedBrand } from './brand-rows.ts';
import { allergensOf, dietaryOf } from './diet.ts';
import { gtinOf } from './gtin.ts';
import type { PlacedLeaf } from './index.ts';
import { eurosOf } from './price.ts';
import type { Item, Leaf } from './types.ts';

export interface Shop {
  readonly leaves: readonly PlacedLeaf[];
  readonly brands: ReadonlyMap<string, SeedBrand>;
  /** Who sells goods of a department, by its slug. */
  readonly sellersOf: (department: string) => readonly string[];
  /** Epoch milliseconds. */
  readonly opened: number;
}

export interface MadeProduct {
  readonly product: Product;
  readonly leaf: PlacedLeaf;
  /** Euros by SKU, before they are made pretty. */
  readonly euros: ReadonlyMap<string, number>;
}

const YEAR_MS = 365 * 86_400_000;
const ORIGINS: Readonly<Record<string, readonly string[]>> = {
  'fruit-and-vegetables': ['ES', 'IT', 'DE', 'IN', 'BR', 'ZA'],
  drinks: ['BR', 'IN', 'DE', 'PT', 'IT', 'GB'],
};
const ANYWHERE = ['DE', 'IT', 'FR', 'GB', 'ES', 'US', 'IN', 'BR', 'NL', 'PL'];

/** Product number `index` of the shop: the same one, however many are made. */
export function makeProduct(shop: Shop, index: number): MadeProduct {
  const { leaves, brands, opened } = shop;
  const place = leaves[index % leaves.length]!;
  const { leaf, department } = place;
  const { brand: brandName, item, variety, round } = combination(leaf, Math.floor(index / leaves.length));
  const brand = brands.get(brandName)!;
  const random = randomOf(`product ${index}`);
  const createdAt = opened + Math.floor(random.next() * YEAR_MS);
  const title = [brandName, variety, item.name].filter(Boolean).join(' ');
  const id = seededId('prd', String(index), createdAt);
  const variants = makeVariants(leaf, index, createdAt);
  const quality = 0.8 + (hash32(brandName) % 26) / 100 + (variety === '' ? 0 : 0.1) + random.next() * 0.06;
  const euros = new Map(
    variants.map(({ sku, ...size }) => [
      sku,
      eurosOf({ ...size.size, packs: size.packs }, leaf.sizes[0]!, leaf.euros, quality),
    ]),
  );
  const product: Product = {
    id,
    // Two leaves may have a brand and a kind in common, and after the last combination they begin again.
    slug: `${slugOf(title)}-${hash32(`${place.path[2]} ${round}`).toString(36).slice(0, 4)}`,
    title,
    description: describe(leaf, item, variety, brandName, round),
    brandId: brand.id,
    categoryPath: place.path,
    sellerId: random.pick(shop.sellersOf(department.slug)),
    variants,
    picture: {
      shape: leaf.shape,
      base: item.colour ?? leaf.colour ?? brand.palette[0],
      accent: brand.palette[1],
      motif: item.motif ?? leaf.motif,
    },
    attributes: {
      ingredients: item.diet === undefined || item.diet === leaf.diet ? (leaf.ingredients ?? null) : null,
      allergens: allergensOf(leaf, item),
      dietary: dietaryOf(leaf, item, variety),
      nutrition: leaf.nutrition ? vary(leaf.nutrition, variety, random) : null,
      origin: random.pick(ORIGINS[department.slug] ?? ANYWHERE),
      storage: leaf.storage,
    },
    withdrawn: false,
    version: 1,
    createdAt,
    updatedAt: createdAt,
  };
  return { product, leaf: place, euros };
}

/** The `ordinal`-th of all (brand, variety, item) of a leaf, well mixed; after the last one they begin again. */
function combination(leaf: Leaf, ordinal: number) {
  const { brands, items, varieties } = leaf;
  const total = brands.length * items.length * varieties.length;
  let step = Math.max(1, Math.floor(total * 0.381));
  while (gcd(step, total) !== 1) step++;
  const at = ((ordinal % total) * step) % total;
  return {
    item: items[at % items.length]!,
    brand: brands[Math.floor(at / items.length) % brands.length]!,
    variety: varieties[Math.floor(at / (items.length * brands.length))]!,
    round: Math.floor(ordinal / total),
  };
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}

/** Two sizes for every other product, three for the rest. */
function makeVariants(leaf: Leaf, index: number, time: number): Variant[] {
  const { sizes } = leaf;
  const count = Math.min(sizes.length, 2 + (index % 2));
  const variants = sizes.slice(0, count).map(
    ({ amount, unit, packs = 1 }, i): Variant => ({
      sku: seededId('sku', `${index}.${i}`, time),
      gtin: gtinOf(index * 4 + i),
      size: { amount, unit },
      packs,
    }),
  );
  const mass = ({ size, packs }: Variant) =>
    size.amount * packs * (size.unit === 'KILOGRAM' || size.unit === 'LITRE' ? 1_000 : 1);
  return variants.sort((a, b) => mass(a) - mass(b));
}

function describe(leaf: Leaf, item: Item, variety: string, brand: string, round: number): string {
  const kind = variety ? `${variety} ${item.name}` : item.name;
  const storage = {
    AMBIENT: 'Keep cool and dry.',
    CHILLED: 'Keep refrigerated at 2 to 7 °C.',
    FROZEN: 'Keep frozen at −18 °C.',
  };
  const lot = round > 0 ? ` Lot ${round + 1}.` : '';
  return `${kind} by ${brand}. ${leaf.about} ${storage[leaf.storage]}${lot}`;
}

/** Like the leaf's values, a little different for each product, and still adding up. */
function vary(base: Nutrition, variety: string, random: Random): Nutrition {
  const factor = 0.95 + random.next() * 0.1;
  const sweet = /Zero|No Added Sugar|Unsweetened/.test(variety) ? 0.1 : 1;
  const near = (value: number, places: number, times = 1) =>
    Math.min(
      Number((value * factor * times).toFixed(places)),
      value > 95 && places === 1 ? value : Number.POSITIVE_INFINITY,
    );
  const sugars = near(base.sugars, 1, sweet);
  const carbohydrate = Number(
    Math.max(sugars, near(base.carbohydrate, 1) - (near(base.sugars, 1) - sugars)).toFixed(1),
  );
  return {
    energyKcal: Math.round(base.energyKcal * factor * (sweet < 1 && base.sugars > 8 ? 0.4 : 1)),
    fat: near(base.fat, 1),
    saturatedFat: near(base.saturatedFat, 1),
    carbohydrate,
    sugars,
    fibre: near(base.fibre, 1),
    protein: near(base.protein, 1),
    salt: near(base.salt, 2),
  };
}

function slugOf(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[̀-ͯ’']/g, '')
    .replace(/ß/g, 'ss')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}
