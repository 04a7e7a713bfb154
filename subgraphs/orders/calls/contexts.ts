import type { Region } from '@aisle/platform/identity';
import type { Address, OrderContent } from '../domain/order.ts';
import type { FrozenCart, Quote, Variant, Wanted } from '../domain/place.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { OrderAnswer, OrderCommand } from '../domain/saga/types.ts';

/** How long, and on whose behalf, another context is asked. */
export interface Asking {
  /** Epoch milliseconds. */
  readonly deadline?: number;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly requestId?: string;
  readonly traceparent?: string;
}

/**
 * What orders ask other contexts. Each rejects with `CommandError` when there is no usable answer; what the callee
 * refuses is data.
 */
export interface Contexts {
  freezeCart(
    input: { cartId: string; owner: string; orderId: string },
    asking: Asking,
  ): Promise<FrozenCart | { readonly refusal: Refusal }>;
  releaseCart(input: { cartId: string; orderId: string }, asking: Asking): Promise<void>;
  quote(id: string, asking: Asking): Promise<Quote | undefined>;
  /** A new quote of a cart; null when one of its lines has no price any more. */
  requote(region: Region, owner: string, cart: FrozenCart, asking: Asking): Promise<string | null>;
  address(userId: string, addressId: string, asking: Asking): Promise<Address | undefined>;
  /** Whether a saved way to pay, `pmt_…`, is the person's own. */
  hasMethod(userId: string, id: string, asking: Asking): Promise<boolean>;
  variants(skus: readonly string[], asking: Asking): Promise<Map<string, Variant>>;
  short(
    region: Region,
    lines: readonly Wanted[],
    asking: Asking,
  ): Promise<readonly { readonly sku: string; readonly available: number }[]>;
  /** Fees in basis points of those sellers that may sell, kept for a minute. */
  fees(sellerIds: readonly string[], asking: Asking): Promise<Map<string, number>>;
  /** What the buyer of a waiting order has to do; undefined when nothing any more. */
  paymentAction(
    order: OrderContent,
    paymentMethod: string,
    asking: Asking,
  ): Promise<{ readonly url: string; readonly clientSecret: string } | undefined>;
  /** Carries out a command of the saga. */
  perform(command: OrderCommand, asking: Asking): Promise<OrderAnswer>;
}
