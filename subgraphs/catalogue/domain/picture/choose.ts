import type { PictureRecipe, Shape } from './recipe.ts';

/** Words of a category or title, and what goods of that kind look like. The first rule with a word that occurs wins. */
const RULES: ReadonlyArray<readonly [words: readonly string[], shape: Shape, motif: string]> = [
  [['egg'], 'egg-box', 'egg'],
  [['milk', 'drink oat', 'oat drink'], 'carton', 'cow'],
  [['yog', 'cream', 'butter', 'spread', 'dessert'], 'tub', 'cow'],
  [['cheese'], 'cheese', ''],
  [['bread', 'bake', 'roll', 'cake'], 'bread', ''],
  [['fish', 'salmon', 'seafood'], 'fish', ''],
  [['meat', 'beef', 'pork', 'sausage'], 'meat-tray', 'meat'],
  [['chicken', 'poultry'], 'meat-tray', 'chicken'],
  [['fruit', 'apple'], 'fruit', 'apple'],
  [['vegetable', 'salad'], 'vegetable', 'carrot'],
  [['pasta', 'noodle'], 'bag', 'noodle'],
  [['rice', 'grain', 'flour'], 'bag', 'wheat'],
  [['tinned', 'canned'], 'tin', 'tomato'],
  [['sauce', 'jam', 'honey', 'pickle'], 'jar', 'tomato'],
  [['oil', 'vinegar'], 'bottle', 'olive'],
  [['cola', 'soda', 'beer'], 'can', 'bubble'],
  [['juice', 'water', 'wine', 'drink'], 'bottle', 'drop'],
  [['coffee'], 'pouch', 'coffee'],
  [['tea'], 'box', 'tea'],
  [['clean', 'detergent', 'laundry'], 'jug', 'bubble'],
  [['paper', 'tissue'], 'roll', ''],
  [['tooth', 'soap', 'shampoo', 'care'], 'tube', 'flower'],
  [['chocolate', 'sweet'], 'box', 'chocolate'],
  [['crisp', 'snack', 'nut'], 'bag', 'almond'],
];

/** Pairs of colours that look like packs do. */
export const PALETTES: ReadonlyArray<readonly [base: string, accent: string]> = [
  ['#c8352b', '#fff1d0'],
  ['#1f5fa8', '#f6e27a'],
  ['#2f7d4f', '#fdf3dc'],
  ['#e7a11f', '#5a2a14'],
  ['#6b2d5c', '#f7d9c4'],
  ['#0f7c86', '#fff4e0'],
  ['#d96b2b', '#fbeecb'],
  ['#26354f', '#f0b94a'],
  ['#8fae3b', '#fffbe6'],
  ['#b23a64', '#ffe9ee'],
  ['#4a3428', '#f2d6a2'],
  ['#f2e8d2', '#27593f'],
];

/** Goods without a pack have the colours they grow or are baked in. */
const NATURAL: Partial<Record<Shape, string>> = {
  bread: '#c98b4a',
  cheese: '#efbf4a',
  fish: '#7c9db0',
  fruit: '#c8352b',
};

/** A picture for goods that nobody drew: the shape from what it is, the colours from whose it is. */
export function pictureFor(words: readonly string[], owner: string): PictureRecipe {
  const text = words.join(' ').toLowerCase();
  const [, shape, motif] = RULES.find(([keys]) => keys.some((key) => text.includes(key))) ?? [
    [],
    'box',
    'star',
  ];
  let hash = 7;
  for (const char of owner) hash = (hash * 31 + (char.codePointAt(0) ?? 0)) >>> 0;
  const [base, accent] = PALETTES[hash % PALETTES.length]!;
  return { shape, base: NATURAL[shape] ?? base, accent, motif };
}
