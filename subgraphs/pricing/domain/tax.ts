import type { Region } from '@aisle/platform/identity';
import { basisPoints, type Money, splitInclusive } from '@aisle/platform/money';

export type TaxClass = 'STANDARD' | 'REDUCED' | 'ZERO';

export interface TaxRules {
  /** Whether a shelf price already holds the tax: the custom everywhere but in the United States. */
  readonly included: boolean;
  /** Basis points by class. */
  readonly rates: Readonly<Record<TaxClass, number>>;
}

/** Representative rates: one per region, as a marketplace starts with before it asks a tax service per address. */
const RULES: Readonly<Record<Region, TaxRules>> = {
  us: { included: false, rates: { STANDARD: 825, REDUCED: 200, ZERO: 0 } },
  eu: { included: true, rates: { STANDARD: 1_900, REDUCED: 700, ZERO: 0 } },
  gb: { included: true, rates: { STANDARD: 2_000, REDUCED: 500, ZERO: 0 } },
  in: { included: true, rates: { STANDARD: 1_800, REDUCED: 500, ZERO: 0 } },
  br: { included: true, rates: { STANDARD: 1_700, REDUCED: 700, ZERO: 0 } },
};

export const taxRules = (region: Region): TaxRules => RULES[region];

export interface Taxed {
  readonly net: Money;
  readonly tax: Money;
  readonly gross: Money;
  readonly taxBps: number;
}

/** Splits an amount as it stands on the shelf; `net + tax = gross` always. Tax is rounded once, on the amount given. */
export function taxed(region: Region, taxClass: TaxClass, shelf: Money): Taxed {
  const { included, rates } = RULES[region];
  const taxBps = rates[taxClass];
  if (included) return { ...splitInclusive(shelf, taxBps), gross: shelf, taxBps };
  const tax = basisPoints(shelf, taxBps);
  return { net: shelf, tax, gross: { ...shelf, minor: shelf.minor + tax.minor }, taxBps };
}
