import type { Random } from '../random.ts';

/** What is bought together, as slugs of category leaves; the first of each is what the occasion is about. */
export const OCCASIONS: ReadonlyArray<readonly string[]> = [
  [
    'long-pasta',
    'pasta-sauces',
    'hard-cheese',
    'onions-and-garlic',
    'fresh-herbs',
    'olive-oil-and-vinegar',
    'wine',
  ],
  ['short-pasta', 'pesto-and-antipasti', 'tomatoes-and-peppers', 'soft-cheese', 'olive-oil-and-vinegar'],
  ['hen-eggs', 'loaves', 'butter-and-cream', 'jam-and-honey', 'coffee', 'fresh-milk', 'juice-and-smoothies'],
  ['muesli-and-cereals', 'fresh-milk', 'bananas-and-tropical-fruit', 'plain-yoghurt', 'berries-and-grapes'],
  [
    'rice',
    'curry-and-coconut',
    'chicken-and-turkey',
    'onions-and-garlic',
    'spices-and-salt',
    'rolls-and-flatbread',
  ],
  ['tofu-and-tempeh', 'asian-kitchen', 'rice', 'mushrooms-and-greens', 'plant-drinks'],
  ['tacos-and-tortillas', 'beef-and-lamb', 'tomatoes-and-peppers', 'tinned-beans-and-vegetables', 'beer'],
  [
    'sausages-and-ham',
    'ketchup-mustard-and-mayo',
    'rolls-and-flatbread',
    'beer',
    'crisps-and-popcorn',
    'salad-and-leaves',
  ],
  ['flour-and-sugar', 'baking-ingredients', 'hen-eggs', 'butter-and-cream', 'chocolate'],
  ['salad-and-leaves', 'tomatoes-and-peppers', 'soft-cheese', 'olive-oil-and-vinegar', 'pesto-and-antipasti'],
  ['fresh-and-smoked-fish', 'citrus-fruit', 'carrots-and-potatoes', 'fresh-herbs', 'wine'],
  ['laundry', 'dishwashing', 'surface-cleaners', 'toilet-and-kitchen-paper'],
  ['pizza', 'soft-drinks', 'ice-cream-tubs', 'crisps-and-popcorn', 'gums-and-candy'],
  ['baby-food', 'plain-yoghurt', 'toilet-and-kitchen-paper', 'hair-and-shower'],
  ['cat-food', 'fresh-milk', 'tinned-fish', 'tea'],
  ['dog-food', 'apples-and-pears', 'oats-and-porridge', 'coffee'],
];

/** The leaves of one order: an occasion, perhaps a second one, and something on a whim. */
export function basketOf(
  favourites: readonly number[],
  allLeaves: readonly string[],
  random: Random,
): string[] {
  const main =
    OCCASIONS[random.chance(0.75) ? random.pick(favourites) : random.int(0, OCCASIONS.length - 1)]!;
  const taken = [main[0]!, ...main.slice(1).filter(() => random.chance(0.68))];
  if (random.chance(0.35)) taken.push(...random.pick(OCCASIONS).filter(() => random.chance(0.5)));
  if (random.chance(0.4)) taken.push(random.pick(allLeaves));
  return [...new Set(taken)];
}
