import { type Caller, hasScope, type Region } from '@aisle/platform/identity';
import { currencyOf, type Money } from '@aisle/platform/money';
import type { TaxClass } from './tax.ts';

/** What one piece of a variant costs on the shelf of a region. */
export interface Price {
  readonly sku: string;
  readonly region: Region;
  readonly amount: Money;
  readonly taxClass: TaxClass;
  readonly version: number;
}

/** Highest price of one piece, minor units: beyond it somebody's decimal point slipped. */
export const MAX_MINOR = 100_000_000n;

/** @returns what is wrong with an amount for a region, if anything. */
export function priceProblem(region: Region, amount: Money): string | undefined {
  if (amount.currency !== currencyOf(region)) return `Prices of this region are in ${currencyOf(region)}.`;
  if (amount.minor <= 0n) return 'A price is more than zero.';
  if (amount.minor > MAX_MINOR) return `A price is at most ${MAX_MINOR} minor units.`;
  return undefined;
}

/** Staff may set every price, a seller those of their own goods. */
export function mayPrice(caller: Caller, sellerId: string | undefined): boolean {
  if (caller.kind !== 'user') return false;
  if (caller.roles.includes('staff') || caller.roles.includes('admin')) return true;
  if (!hasScope(caller, 'PRICING_WRITE')) return false;
  return sellerId !== undefined && caller.sellerId === sellerId && caller.roles.includes('seller');
}
