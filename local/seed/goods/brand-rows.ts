import type { Brand } from '@aisle/catalogue/seed';
import { seededId } from '../ids.ts';
import { DEPARTMENTS } from './index.ts';

/** Pairs of colours that packs have: main colour and label. */
const PALETTES: ReadonlyArray<readonly [string, string]> = [
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

export interface SeedBrand extends Brand {
  readonly palette: readonly [base: string, accent: string];
}

const slugOf = (name: string) =>
  name
    .normalize('NFKD')
    .replace(/[̀-ͯ’']/g, '')
    .replace(/ß/g, 'ss')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');

/** Every maker that any leaf names, each with its own colours. */
export function makeBrands(time: number): Map<string, SeedBrand> {
  const leaves = DEPARTMENTS.flatMap(({ shelves }) => shelves.flatMap((shelf) => shelf.leaves));
  const names = [...new Set(leaves.flatMap((leaf) => leaf.brands))];
  return new Map(
    names.map((name, i) => {
      const palette = PALETTES[(i * 5) % PALETTES.length]!;
      return [name, { id: seededId('brd', name, time), slug: slugOf(name), name, palette }];
    }),
  );
}
