import { invalidInput, notFound } from '@aisle/platform/errors';
import type { Region } from '@aisle/platform/identity';
import type { Currency } from '@aisle/platform/money';
import type { Address, Order, OrderContent, OrderLine, Totals } from './order.ts';
import { insufficientStock, productWithdrawn, type Refusal } from './refusal.ts';
import { splitBySeller } from './split.ts';

export interface Wanted {
  readonly sku: string;
  readonly quantity: number;
}

/** A cart as it was frozen for the order. */
export interface FrozenCart {
  readonly id: string;
  readonly version: number;
  readonly lines: readonly Wanted[];
}

/** A quote as pricing answers it. */
export interface Quote extends Totals {
  readonly id: string;
  readonly cartId: string;
  readonly region: Region;
  readonly currency: Currency;
  readonly isCurrent: boolean;
  readonly lines: readonly Omit<OrderLine, 'title' | 'sellerId'>[];
}

export interface Variant {
  readonly sku: string;
  readonly title: string;
  readonly sellerId: string;
  readonly isWithdrawn: boolean;
}

/** What was learnt about a checkout from the other contexts. */
export interface Checkout {
  readonly cart: FrozenCart;
  readonly quote: Quote | undefined;
  readonly address: Address | undefined;
  /** False for a saved way to pay that is not the buyer's. */
  readonly mayPayWith: boolean;
  readonly variants: ReadonlyMap<string, Variant>;
  /** Fees in basis points of the sellers that may sell. */
  readonly fees: ReadonlyMap<string, number>;
  /** Lines that cannot be had in full, with what there is. */
  readonly short: readonly { readonly sku: string; readonly available: number }[];
}

export type Verdict =
  | { readonly kind: 'refused'; readonly refusals: readonly Refusal[] }
  /** The buyer has to see a new quote of the cart first. */
  | { readonly kind: 'requote' }
  | { readonly kind: 'fine'; readonly quote: Quote; readonly address: Address };

/** The most that a card is charged at once, minor units: eight digits, as payment providers take them. */
export const MAX_TOTAL = 99_999_999;

/** Whether an order may be placed on what is known now. Everything that is wrong is told at once. */
export function judge(region: Region, checkout: Checkout): Verdict {
  const { cart, address, mayPayWith, variants, fees, short } = checkout;
  // Another cart's quote is nothing to this one, even if it says the same.
  const quote = checkout.quote?.cartId === cart.id ? checkout.quote : undefined;
  const refusals: Refusal[] = [];
  if (!address) refusals.push(notFound('There is no such address.', 'addressId'));
  if (!quote || quote.region !== region) refusals.push(notFound('There is no such quote.', 'quoteId'));
  if (!mayPayWith) refusals.push(notFound('There is no such way to pay.', 'paymentMethod'));
  for (const { sku } of cart.lines) {
    const variant = variants.get(sku);
    if (!variant || variant.isWithdrawn || !fees.has(variant.sellerId)) refusals.push(productWithdrawn(sku));
  }
  if (quote && quote.total > MAX_TOTAL)
    refusals.push(invalidInput('This is more than can be paid at once. Please take it in parts.', 'cartId'));
  for (const { sku, available } of short) refusals.push(insufficientStock(sku, available));
  if (!quote || !address || refusals.length > 0) return { kind: 'refused', refusals };
  if (!quote.isCurrent || !isSame(cart.lines, quote.lines)) return { kind: 'requote' };
  return { kind: 'fine', quote, address };
}

/** The cart still holds what the quote was made for. */
function isSame(cart: readonly Wanted[], quote: readonly Wanted[]): boolean {
  const quantities = new Map(cart.map(({ sku, quantity }) => [sku, quantity]));
  return cart.length === quote.length && quote.every(({ sku, quantity }) => quantities.get(sku) === quantity);
}

export interface Placing {
  readonly orderId: string;
  readonly userId: string;
  readonly region: Region;
  readonly cartId: string;
  readonly quote: Quote;
  readonly address: Address;
  readonly variants: ReadonlyMap<string, Variant>;
  readonly fees: ReadonlyMap<string, number>;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** The order that a checkout becomes. @throws RangeError when the quote does not add up */
export function place(placing: Placing): Order {
  const { quote, now } = placing;
  const lines = quote.lines.map((line): OrderLine => {
    const { title, sellerId } = placing.variants.get(line.sku)!;
    return { ...line, title, sellerId };
  });
  const { net, tax, delivery, discount, total } = quote;
  const totals = { net, tax, delivery, discount, total };
  const content: OrderContent = {
    ...totals,
    ...splitBySeller(quote.currency, lines, totals, placing.fees),
    id: placing.orderId,
    userId: placing.userId,
    region: placing.region,
    currency: quote.currency,
    cartId: placing.cartId,
    quoteId: quote.id,
    lines,
    address: placing.address,
    placedAt: now,
  };
  return { content, state: { status: 'PENDING' }, version: 1, updatedAt: now };
}
