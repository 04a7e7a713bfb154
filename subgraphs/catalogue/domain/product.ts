import type { PictureRecipe } from './picture/recipe.ts';

export const UNITS = ['GRAM', 'KILOGRAM', 'MILLILITRE', 'LITRE', 'PIECE'] as const;
export type Unit = (typeof UNITS)[number];

export const ALLERGENS = [
  'GLUTEN',
  'CRUSTACEANS',
  'EGGS',
  'FISH',
  'PEANUTS',
  'SOYBEANS',
  'MILK',
  'NUTS',
  'CELERY',
  'MUSTARD',
  'SESAME',
  'SULPHITES',
  'LUPIN',
  'MOLLUSCS',
] as const;
export type Allergen = (typeof ALLERGENS)[number];

export const DIETARY_TAGS = [
  'VEGAN',
  'VEGETARIAN',
  'GLUTEN_FREE',
  'LACTOSE_FREE',
  'ORGANIC',
  'HALAL',
  'KOSHER',
  'NO_ADDED_SUGAR',
] as const;
export type DietaryTag = (typeof DIETARY_TAGS)[number];

export type Storage = 'AMBIENT' | 'CHILLED' | 'FROZEN';

/** Per 100 g or 100 ml: kilocalories, and grams. */
export interface Nutrition {
  readonly energyKcal: number;
  readonly fat: number;
  readonly saturatedFat: number;
  readonly carbohydrate: number;
  readonly sugars: number;
  readonly fibre: number;
  readonly protein: number;
  readonly salt: number;
}

export interface Attributes {
  readonly ingredients: string | null;
  readonly allergens: readonly Allergen[];
  readonly dietary: readonly DietaryTag[];
  readonly nutrition: Nutrition | null;
  /** ISO 3166 alpha-2. */
  readonly origin: string | null;
  readonly storage: Storage;
}

export interface UnitSize {
  readonly amount: number;
  readonly unit: Unit;
}

export interface Variant {
  readonly sku: string;
  readonly gtin: string | null;
  readonly size: UnitSize;
  readonly packs: number;
}

export interface Product {
  readonly id: string;
  readonly slug: string;
  readonly title: string;
  readonly description: string;
  readonly brandId: string | null;
  /** Category ids from the top level down to the leaf it stands in. */
  readonly categoryPath: readonly string[];
  readonly sellerId: string;
  readonly variants: readonly Variant[];
  readonly picture: PictureRecipe;
  readonly attributes: Attributes;
  readonly withdrawn: boolean;
  /** Counts its changes from 1. */
  readonly version: number;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

const SYMBOLS: Record<Unit, string> = { GRAM: 'g', KILOGRAM: 'kg', MILLILITRE: 'ml', LITRE: 'l', PIECE: '' };

/** What tells a variant from its sisters: `500 g`, `6 × 330 ml`, `12 pieces`. */
export function variantLabel(variant: Pick<Variant, 'size' | 'packs'>): string {
  const { amount, unit } = variant.size;
  const pieces = amount === 1 ? '1 piece' : `${amount} pieces`;
  const size = unit === 'PIECE' ? pieces : `${amount} ${SYMBOLS[unit]}`;
  return variant.packs > 1 ? `${variant.packs} × ${size}` : size;
}

export function leafCategory(product: Pick<Product, 'categoryPath'>): string {
  return product.categoryPath.at(-1) ?? '';
}
