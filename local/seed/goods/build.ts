import type { Allergen, Nutrition, Shape, Unit } from '@aisle/catalogue/seed';
import type { Department, Item, Leaf, Shelf, Size } from './types.ts';

const UNITS: Record<string, Unit> = { g: 'GRAM', kg: 'KILOGRAM', ml: 'MILLILITRE', l: 'LITRE', pc: 'PIECE' };

/** `500 g`, `1.5 l`, `6 x 330 ml`, `10 pc`. */
function sizeOf(text: string): Size {
  const [, packs, amount, unit] = /^(?:(\d+) x )?([\d.]+) (\w+)$/.exec(text) ?? [];
  if (!amount || !unit || !UNITS[unit]) throw new RangeError(`"${text}" is no size.`);
  return { amount: Number(amount), unit: UNITS[unit], ...(packs && { packs: Number(packs) }) };
}

/** kilocalories, fat, saturated fat, carbohydrate, sugars, fibre, protein, salt. */
type Facts = readonly [number, number, number, number, number, number, number, number];

function nutritionOf([
  energyKcal,
  fat,
  saturatedFat,
  carbohydrate,
  sugars,
  fibre,
  protein,
  salt,
]: Facts): Nutrition {
  return { energyKcal, fat, saturatedFat, carbohydrate, sugars, fibre, protein, salt };
}

const slug = (name: string) =>
  name
    .toLowerCase()
    .replace(/&/g, 'and')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');

type LeafText = Omit<
  Leaf,
  'name' | 'slug' | 'items' | 'sizes' | 'nutrition' | 'contains' | 'storage' | 'motif' | 'varieties'
> & {
  readonly items: ReadonlyArray<string | Item>;
  readonly varieties?: readonly string[];
  readonly sizes: readonly string[];
  readonly per100?: Facts;
  readonly contains?: readonly Allergen[];
  readonly storage?: Leaf['storage'];
  readonly motif?: string;
  readonly shape: Shape;
};

/** A leaf from its short form. */
export function leaf(
  name: string,
  { items, sizes, per100, varieties, contains, storage, motif, ...rest }: LeafText,
): Leaf {
  return {
    ...rest,
    name,
    slug: slug(name),
    items: items.map((item) => (typeof item === 'string' ? { name: item } : item)),
    sizes: sizes.map(sizeOf),
    varieties: varieties ?? [''],
    contains: contains ?? [],
    storage: storage ?? 'AMBIENT',
    motif: motif ?? '',
    ...(per100 && { nutrition: nutritionOf(per100) }),
  };
}

export const shelf = (name: string, ...leaves: Leaf[]): Shelf => ({ name, slug: slug(name), leaves });

export const department = (name: string, ...shelves: Shelf[]): Department => ({
  name,
  slug: slug(name),
  shelves,
});
