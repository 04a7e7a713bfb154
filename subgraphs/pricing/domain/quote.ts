import type { Caller, Region } from '@aisle/platform/identity';
import { type Currency, currencyOf, type Money, money, sum, times } from '@aisle/platform/money';
import { deliveryFee, deliveryTerms } from './delivery.ts';
import type { Price } from './price.ts';
import { taxed } from './tax.ts';

export interface LineWish {
  readonly sku: string;
  readonly quantity: number;
}

export interface QuoteLine extends LineWish {
  readonly unitPrice: Money;
  readonly net: Money;
  readonly tax: Money;
  readonly taxBps: number;
  readonly gross: Money;
  /** Version of the price it was made from: another one makes the quote outdated. */
  readonly priceVersion: number;
}

/** What lines cost: `net + tax + delivery − discount = total`, in integers. */
export interface Totals {
  readonly region: Region;
  readonly currency: Currency;
  readonly lines: readonly QuoteLine[];
  readonly net: Money;
  readonly tax: Money;
  readonly delivery: Money;
  readonly discount: Money;
  readonly total: Money;
}

export interface Quote extends Totals {
  readonly id: string;
  /** The cart it is for, and who may see it. */
  readonly subject: string;
  readonly owner: string;
  readonly version: number;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
  /** The order it was last locked for; from then on it holds for that order. */
  readonly lockedFor?: string;
}

const MAX_LINES = 200;
const MAX_QUANTITY = 9_999;

/** @returns what is wrong with the lines, if anything. */
export function linesProblem(lines: readonly LineWish[]): string | undefined {
  if (lines.length === 0) return 'There is nothing to quote.';
  if (lines.length > MAX_LINES) return `At most ${MAX_LINES} lines can be quoted.`;
  if (new Set(lines.map((line) => line.sku)).size < lines.length) return 'A SKU stands in two lines.';
  const wrong = lines.find(
    ({ quantity }) => !Number.isInteger(quantity) || quantity < 1 || quantity > MAX_QUANTITY,
  );
  return wrong && `The quantity of ${wrong.sku} must be 1 to ${MAX_QUANTITY}.`;
}

/** Prices lines. Tax is rounded per line, so that a receipt adds up. `prices` holds one for every SKU of the lines. */
export function priceLines(
  region: Region,
  lines: readonly LineWish[],
  prices: ReadonlyMap<string, Price>,
  deliver: boolean,
): Totals {
  const currency = currencyOf(region);
  const priced = lines.map(({ sku, quantity }): QuoteLine => {
    const price = prices.get(sku);
    if (!price) throw new RangeError(`No price was given for ${sku}.`);
    const line = taxed(region, price.taxClass, times(price.amount, quantity));
    return { sku, quantity, unitPrice: price.amount, priceVersion: price.version, ...line };
  });
  const net = sum(
    currency,
    priced.map((line) => line.net),
  );
  const tax = sum(
    currency,
    priced.map((line) => line.tax),
  );
  const goods = money(currency, net.minor + tax.minor);
  const delivery = deliver ? deliveryFee(region, goods) : money(currency, 0);
  const discount = money(currency, 0);
  const total = money(currency, goods.minor + delivery.minor - discount.minor);
  return { region, currency, lines: priced, net, tax, delivery, discount, total };
}

/** Whether each line still costs what the quote says. */
export function pricesHold(quote: Totals, prices: ReadonlyMap<string, Price>): boolean {
  return quote.lines.every((line) => prices.get(line.sku)?.version === line.priceVersion);
}

/** Its cart's owner, staff, and other contexts. */
export function maySeeQuote(caller: Caller, quote: Pick<Quote, 'owner'>): boolean {
  if (caller.kind === 'service') return true;
  if (caller.roles.includes('staff') || caller.roles.includes('admin')) return true;
  return caller.subject !== '' && caller.subject === quote.owner;
}

/** Whether a quote was made with delivery: it has a fee, or its goods are worth enough to have none. */
export function includesDelivery({ region, net, tax, delivery }: Totals): boolean {
  return delivery.minor > 0n || net.minor + tax.minor >= deliveryTerms(region).freeFrom.minor;
}
