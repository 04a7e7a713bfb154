import { REGIONS, type Region } from '@aisle/platform/identity';
import type { SeedPrice } from '@aisle/pricing/seed';
import type { Size, TaxKind } from './types.ts';

/** What a euro's worth of groceries costs in the region's currency (price levels, not exchange rates). */
const LEVEL: Record<Region, number> = { us: 1.22, eu: 1, gb: 0.88, in: 54, br: 4.1 };

/** Which rate each kind of good has where: groceries are relieved nearly everywhere, sweets and drinks hardly. */
const CLASSES: Record<TaxKind, Record<Region, SeedPrice['taxClass']>> = {
  food: { us: 'ZERO', eu: 'REDUCED', gb: 'ZERO', in: 'REDUCED', br: 'REDUCED' },
  treat: { us: 'REDUCED', eu: 'REDUCED', gb: 'STANDARD', in: 'STANDARD', br: 'STANDARD' },
  goods: { us: 'STANDARD', eu: 'STANDARD', gb: 'STANDARD', in: 'STANDARD', br: 'STANDARD' },
};
/** Plain food that India and its states leave untaxed. */
const UNTAXED_IN_INDIA = new Set(['fresh-fruit', 'vegetables', 'eggs']);

/** A price as shops write it: .99 and .49 endings, fives in pounds, whole rupees that end in 5 or 9. */
export function pretty(region: Region, minor: number): number {
  if (region === 'in') {
    const rupees = Math.max(9, Math.round(minor / 100));
    const ending = rupees % 10 < 5 ? 5 : 9;
    return (rupees - (rupees % 10) + ending) * 100;
  }
  if (region === 'gb') return Math.max(25, Math.round(minor / 5) * 5);
  const tens = Math.max(2, Math.round((minor + 1) / 10));
  return tens * 10 - 1;
}

/** Grams or millilitres of a size; a piece of something that is also sold by weight counts 150 g. */
function mass({ amount, unit, packs = 1 }: Size): number {
  const factor = unit === 'KILOGRAM' || unit === 'LITRE' ? 1_000 : unit === 'PIECE' ? 150 : 1;
  return amount * factor * packs;
}

/** What one piece of a size costs in euros: larger packs are cheaper by weight. */
export function eurosOf(size: Size, first: Size, euros: number, quality: number): number {
  return euros * quality * (mass(size) / mass(first)) ** 0.86;
}

export function pricesOf(sku: string, euros: number, kind: TaxKind, shelf: string): SeedPrice[] {
  return REGIONS.map((region) => {
    const untaxed = region === 'in' && UNTAXED_IN_INDIA.has(shelf);
    const minor = pretty(region, euros * LEVEL[region] * 100);
    return { sku, region, minor, taxClass: untaxed ? 'ZERO' : CLASSES[kind][region] };
  });
}
