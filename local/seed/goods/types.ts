import type { Allergen, Nutrition, Shape, Storage, Unit } from '@aisle/catalogue/seed';

/** How a good is taxed: food on the shelf, sweets and drinks, everything that is no food. */
export type TaxKind = 'food' | 'treat' | 'goods';

/** Who may eat it, before its allergens are looked at; `none` for what nobody eats. */
export type Diet = 'vegan' | 'vegetarian' | 'meat' | 'fish' | 'none';

export interface Size {
  readonly amount: number;
  readonly unit: Unit;
  readonly packs?: number;
}

export interface Item {
  readonly name: string;
  readonly motif?: string;
  /** Colour of the fruit or the pack, `#rrggbb`. */
  readonly colour?: string;
  /** Allergens besides those of its leaf. */
  readonly contains?: readonly Allergen[];
  /** All its allergens, whatever its leaf has. */
  readonly only?: readonly Allergen[];
  readonly diet?: Diet;
}

/** A leaf of the category tree with everything its products are made from. */
export interface Leaf {
  readonly name: string;
  readonly slug: string;
  readonly items: readonly Item[];
  readonly varieties: readonly string[];
  /** Names of brands that make such things. */
  readonly brands: readonly string[];
  readonly sizes: readonly Size[];
  /** What the first size costs, euros. */
  readonly euros: number;
  readonly shape: Shape;
  readonly motif: string;
  readonly colour?: string;
  readonly tax: TaxKind;
  readonly diet: Diet;
  readonly contains: readonly Allergen[];
  readonly storage: Storage;
  readonly nutrition?: Nutrition;
  readonly ingredients?: string;
  /** One or two sentences after the first one. */
  readonly about: string;
}

export interface Shelf {
  readonly name: string;
  readonly slug: string;
  readonly leaves: readonly Leaf[];
}

export interface Department {
  readonly name: string;
  readonly slug: string;
  readonly shelves: readonly Shelf[];
}
