import type { Region } from '@aisle/platform/identity';
import type { Currency } from '@aisle/platform/money';
import type { Refusal } from './refusal.ts';

/** All amounts of an order are integer minor units of its one currency. */
export interface OrderLine {
  readonly sku: string;
  readonly title: string;
  readonly sellerId: string;
  readonly quantity: number;
  readonly unitPrice: number;
  readonly net: number;
  readonly tax: number;
  readonly taxBps: number;
  readonly gross: number;
}

export interface Address {
  readonly name: string;
  readonly line1: string;
  readonly line2: string | null;
  readonly city: string;
  readonly state: string | null;
  readonly postcode: string;
  readonly country: string;
  readonly phone: string | null;
}

/** One seller's part: `net + tax − discount = fee + share`. */
export interface SellerPart {
  readonly sellerId: string;
  readonly net: number;
  readonly tax: number;
  readonly discount: number;
  readonly fee: number;
  readonly share: number;
}

export interface Totals {
  readonly net: number;
  readonly tax: number;
  readonly delivery: number;
  readonly discount: number;
  readonly total: number;
}

/** What an order is about; never changes after it was placed. */
export interface OrderContent extends Totals {
  readonly id: string;
  readonly userId: string;
  readonly region: Region;
  readonly currency: Currency;
  readonly cartId: string;
  readonly quoteId: string;
  readonly lines: readonly OrderLine[];
  readonly parts: readonly SellerPart[];
  readonly address: Address;
  /** What the marketplace keeps: the sellers' fees and the delivery. */
  readonly fee: number;
  /** Epoch milliseconds. */
  readonly placedAt: number;
}

export type Cause =
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'cancelled'; readonly reason: string | null };

export type OrderState =
  | { readonly status: 'PENDING' }
  | { readonly status: 'AWAITING_PAYMENT' }
  | { readonly status: 'CONFIRMED' }
  | { readonly status: 'CANCELLING'; readonly cause: Cause }
  | { readonly status: 'CANCELLED'; readonly cause: Cause }
  | { readonly status: 'COMPLETED' };

export type OrderStatus = OrderState['status'];

export interface Order {
  readonly content: OrderContent;
  readonly state: OrderState;
  /** Number of facts so far; the first is that it was placed. */
  readonly version: number;
  /** Epoch milliseconds. */
  readonly updatedAt: number;
}

/** What can become true of an order after it was placed. */
export type OrderFact =
  | { readonly type: 'QUOTE_LOCKED' }
  | { readonly type: 'STOCK_RESERVED' }
  | { readonly type: 'PAYMENT_ACTION_REQUIRED' }
  | { readonly type: 'PAYMENT_AUTHORISED' }
  | { readonly type: 'PAYMENT_CAPTURED' }
  | { readonly type: 'STOCK_CONFIRMED' }
  | { readonly type: 'CONFIRMED' }
  | { readonly type: 'REFUSED'; readonly cause: Cause }
  | { readonly type: 'CANCEL_REQUESTED'; readonly cause: Cause }
  | { readonly type: 'PAYMENT_RETURNED' }
  | { readonly type: 'STOCK_RETURNED' }
  | { readonly type: 'CANCELLED' }
  | { readonly type: 'COMPLETED' };

export class IllegalTransition extends Error {
  constructor(status: OrderStatus, fact: OrderFact['type']) {
    super(`An order that is ${status} cannot become ${fact}.`);
  }
}

/** The order after a fact. @throws IllegalTransition when the fact cannot be true of it */
export function evolve(order: Order, fact: OrderFact, at: number): Order {
  return { ...order, state: next(order.state, fact), version: order.version + 1, updatedAt: at };
}

/** The status after a fact depends on the fact alone, so a merged commit can tell each step's status. */
export function statusAfter(fact: OrderFact): OrderStatus {
  switch (fact.type) {
    case 'QUOTE_LOCKED':
    case 'STOCK_RESERVED':
    case 'PAYMENT_AUTHORISED':
    case 'PAYMENT_CAPTURED':
    case 'STOCK_CONFIRMED':
      return 'PENDING';
    case 'PAYMENT_ACTION_REQUIRED':
      return 'AWAITING_PAYMENT';
    case 'CONFIRMED':
      return 'CONFIRMED';
    case 'REFUSED':
    case 'CANCEL_REQUESTED':
    case 'PAYMENT_RETURNED':
    case 'STOCK_RETURNED':
      return 'CANCELLING';
    case 'CANCELLED':
      return 'CANCELLED';
    case 'COMPLETED':
      return 'COMPLETED';
    default:
      return fact satisfies never;
  }
}

function next(state: OrderState, fact: OrderFact): OrderState {
  switch (fact.type) {
    case 'QUOTE_LOCKED':
    case 'STOCK_RESERVED':
    case 'PAYMENT_CAPTURED':
    case 'STOCK_CONFIRMED':
      if (state.status === 'PENDING') return state;
      break;
    case 'PAYMENT_ACTION_REQUIRED':
      if (state.status === 'PENDING') return { status: 'AWAITING_PAYMENT' };
      break;
    case 'PAYMENT_AUTHORISED':
      if (state.status === 'PENDING' || state.status === 'AWAITING_PAYMENT') return { status: 'PENDING' };
      break;
    case 'CONFIRMED':
      if (state.status === 'PENDING') return { status: 'CONFIRMED' };
      break;
    case 'REFUSED':
      if (state.status === 'PENDING' || state.status === 'AWAITING_PAYMENT') {
        return { status: 'CANCELLING', cause: fact.cause };
      }
      break;
    case 'CANCEL_REQUESTED':
      if (state.status === 'PENDING' || state.status === 'AWAITING_PAYMENT' || state.status === 'CONFIRMED') {
        return { status: 'CANCELLING', cause: fact.cause };
      }
      break;
    case 'PAYMENT_RETURNED':
    case 'STOCK_RETURNED':
      if (state.status === 'CANCELLING') return state;
      break;
    case 'CANCELLED':
      if (state.status === 'CANCELLING') return { status: 'CANCELLED', cause: state.cause };
      break;
    case 'COMPLETED':
      if (state.status === 'CONFIRMED') return { status: 'COMPLETED' };
      break;
    default:
      return fact satisfies never;
  }
  throw new IllegalTransition(state.status, fact.type);
}
