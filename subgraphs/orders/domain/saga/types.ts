import type { Region } from '@aisle/platform/identity';
import type { Currency } from '@aisle/platform/money';
import type { Cause, Order } from '../order.ts';

/** What the saga has to know of its order; commands are built from it. */
export interface SagaOrder {
  readonly id: string;
  readonly userId: string;
  readonly region: Region;
  readonly currency: Currency;
  /** Minor units. */
  readonly total: number;
  readonly cartId: string;
  readonly quoteId: string;
  readonly lines: readonly { readonly sku: string; readonly quantity: number }[];
}

interface At<Step extends string> {
  readonly step: Step;
  readonly order: SagaOrder;
  /** Of the order, with every fact so far. */
  readonly version: number;
}

interface Paying {
  /** Token of the payment provider or a saved way to pay; forgotten as soon as it is not needed any more. */
  readonly paymentMethod: string;
}

interface Undoing {
  readonly cause: Cause;
  /** The order has a frozen cart that has to be thawed. */
  readonly hasCart: boolean;
}

export type OrderSaga =
  | (At<'reserving'> & Paying)
  | (At<'authorising'> & Paying)
  /** The provider has not said yet; it is asked again, `asked` times so far. */
  | (At<'settling-payment'> & Paying & { readonly asked: number })
  | (At<'asking-again'> & Paying & { readonly asked: number })
  | (At<'awaiting-buyer'> & Paying)
  /** The buyer's time is over: a last look, in case only the message was lost. */
  | (At<'checking-buyer'> & Paying)
  | At<'capturing'>
  | At<'confirming-stock'>
  | At<'emptying-cart'>
  | (At<'returning-payment'> & Undoing)
  | (At<'releasing-stock'> & Undoing)
  | (At<'restocking'> & Undoing)
  | (At<'thawing-cart'> & Undoing)
  | (At<'done'> & { readonly cause: Cause | null });

/** What the saga asks other contexts to do. All are idempotent by the order's id. */
export type OrderCommand =
  | { readonly name: 'lockQuote'; readonly order: SagaOrder }
  | { readonly name: 'reserveStock'; readonly order: SagaOrder; readonly ttlSeconds: number }
  | { readonly name: 'authorisePayment'; readonly order: SagaOrder; readonly paymentMethod: string }
  | { readonly name: 'capturePayment'; readonly order: SagaOrder }
  | { readonly name: 'confirmStock'; readonly order: SagaOrder }
  | { readonly name: 'completeCart'; readonly order: SagaOrder }
  | { readonly name: 'voidPayment'; readonly order: SagaOrder }
  | { readonly name: 'releaseStock'; readonly order: SagaOrder }
  | { readonly name: 'restock'; readonly order: SagaOrder }
  | { readonly name: 'releaseCart'; readonly order: SagaOrder };

/** What they answer. No answer at all is not here: the runner asks again, and in the end tells `unanswered`. */
export type OrderAnswer =
  | { readonly kind: 'done' }
  | { readonly kind: 'price-changed'; readonly quoteId: string | null }
  | { readonly kind: 'short'; readonly sku: string; readonly available: number }
  | { readonly kind: 'authorised' }
  | { readonly kind: 'action-required' }
  | { readonly kind: 'pending' }
  | { readonly kind: 'declined'; readonly declineCode: string; readonly message: string }
  /** The stock of the order was sold before it could be released. */
  | { readonly kind: 'sold' };

/** What reaches a waiting order from outside. */
export type OrderSignal =
  | { readonly kind: 'payment-authorised' }
  | { readonly kind: 'payment-failed'; readonly declineCode: string }
  | { readonly kind: 'cancel'; readonly reason: string | null };

/** Names of the points at which `AISLE_CRASH_AT` can end the process: every command, and every commit by its step. */
export const CRASH_POINTS = [
  'start',
  'lockQuote',
  'reserveStock',
  'save authorising',
  'authorisePayment',
  'save awaiting-buyer',
  'capturePayment',
  'confirmStock',
  'completeCart',
  'save done',
  'save returning-payment',
  'save releasing-stock',
  'voidPayment',
  'releaseStock',
  'restock',
  'releaseCart',
] as const;

/** The saga of an order that was just placed. */
export function newSaga(order: Order, paymentMethod: string): OrderSaga {
  return { step: 'reserving', order: sagaOrder(order), version: order.version, paymentMethod };
}

/** The saga that takes a paid order back; that somebody asked for it is a fact already. */
export function takeBackSaga(order: Order, cause: Cause): OrderSaga {
  return {
    step: 'returning-payment',
    order: sagaOrder(order),
    version: order.version,
    cause,
    hasCart: false,
  };
}

function sagaOrder({ content }: Order): SagaOrder {
  const { id, userId, region, currency, total, cartId, quoteId } = content;
  const lines = content.lines.map(({ sku, quantity }) => ({ sku, quantity }));
  return { id, userId, region, currency, total, cartId, quoteId, lines };
}
