import type { Region } from '../identity/caller.ts';

export const CURRENCIES = ['USD', 'EUR', 'GBP', 'INR', 'BRL'] as const;
export type Currency = (typeof CURRENCIES)[number];

/** Integer minor units (cents, pence, paise, centavos): never a float. */
export interface Money {
  readonly currency: Currency;
  readonly minor: bigint;
}

const CURRENCY_OF: Record<Region, Currency> = { us: 'USD', eu: 'EUR', gb: 'GBP', in: 'INR', br: 'BRL' };

export function currencyOf(region: Region): Currency {
  return CURRENCY_OF[region];
}

export function money(currency: Currency, minor: bigint | number): Money {
  return { currency, minor: BigInt(minor) };
}

/** @throws RangeError when currencies differ: adding euros to rupees is always a bug. */
export function add(a: Money, b: Money): Money {
  if (a.currency !== b.currency) throw new RangeError(`Cannot add ${b.currency} to ${a.currency}.`);
  return { currency: a.currency, minor: a.minor + b.minor };
}

export function sum(currency: Currency, items: Iterable<Money>): Money {
  let total = money(currency, 0);
  for (const item of items) total = add(total, item);
  return total;
}

export function times(amount: Money, quantity: number): Money {
  return { currency: amount.currency, minor: amount.minor * BigInt(quantity) };
}

/** Integer division that rounds half away from zero (what tax authorities and receipts use). */
export function divideRounded(numerator: bigint, denominator: bigint): bigint {
  const sign = numerator < 0n === denominator < 0n ? 1n : -1n;
  const n = numerator < 0n ? -numerator : numerator;
  const d = denominator < 0n ? -denominator : denominator;
  return sign * ((2n * n + d) / (2n * d));
}

/** A share in basis points (1/100 %), rounded half away from zero. */
export function basisPoints(amount: Money, bps: number): Money {
  return { currency: amount.currency, minor: divideRounded(amount.minor * BigInt(bps), 10_000n) };
}

/** Splits a tax-inclusive amount: `net + tax = gross`, exactly. */
export function splitInclusive(gross: Money, taxBps: number): { net: Money; tax: Money } {
  const net = divideRounded(gross.minor * 10_000n, 10_000n + BigInt(taxBps));
  return { net: { ...gross, minor: net }, tax: { ...gross, minor: gross.minor - net } };
}

/** Splits an amount by weights so that the parts add up exactly (largest remainder first, then order). */
export function allocate(amount: Money, weights: readonly bigint[]): Money[] {
  const total = weights.reduce((a, b) => a + b, 0n);
  if (total <= 0n) throw new RangeError('Weights must add up to more than zero.');
  const parts = weights.map((weight) => (amount.minor * weight) / total);
  let rest = amount.minor - parts.reduce((a, b) => a + b, 0n);
  const byRemainder = weights
    .map((weight, index) => ({ index, remainder: (amount.minor * weight) % total }))
    .sort((a, b) => (a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1));
  for (const { index } of byRemainder) {
    if (rest === 0n) break;
    parts[index] = parts[index]! + (rest > 0n ? 1n : -1n);
    rest += rest > 0n ? -1n : 1n;
  }
  return parts.map((minor) => ({ currency: amount.currency, minor }));
}

/** The wire form of the GraphQL `Money` type; minor units fit a JSON integer (|minor| < 2^53). */
export function toWire(amount: Money): { currency: Currency; minor: number } {
  return { currency: amount.currency, minor: Number(amount.minor) };
}

export function fromWire(wire: { currency: string; minor: number | bigint | string }): Money {
  const currency = CURRENCIES.find((known) => known === wire.currency);
  if (!currency) throw new RangeError(`Unknown currency ${wire.currency}.`);
  return { currency, minor: BigInt(wire.minor) };
}
