import { BAKERY, SNACKS } from './bakery.ts';
import { DAIRY, MEAT } from './chilled.ts';
import { DRINKS, FROZEN_GOODS } from './drinks.ts';
import { FRESH } from './fresh.ts';
import { CARE, FAMILY, HOME } from './home.ts';
import { PANTRY } from './pantry.ts';
import type { Department, Leaf, Shelf } from './types.ts';

export const DEPARTMENTS: readonly Department[] = [
  FRESH,
  DAIRY,
  MEAT,
  BAKERY,
  PANTRY,
  SNACKS,
  DRINKS,
  FROZEN_GOODS,
  HOME,
  CARE,
  FAMILY,
];

/** Where a leaf stands. */
export interface PlacedLeaf {
  readonly department: Department;
  readonly shelf: Shelf;
  readonly leaf: Leaf;
  /** Category ids from the top down. */
  readonly path: readonly [string, string, string];
}
