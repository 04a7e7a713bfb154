import type { Region } from '@aisle/platform/identity';
import type { Money } from '@aisle/platform/money';
import type { Observation } from '../domain/observation.ts';
import type { Failure, Payment } from '../domain/payment.ts';

/** When an answer must be there: epoch milliseconds, and the caller's own signal. */
export interface Wait {
  readonly deadline: number;
  readonly signal?: AbortSignal;
}

export type CaptureOutcome = Observation | { readonly kind: 'capture-refused'; readonly failure: Failure };

export type RefundOutcome =
  | { readonly kind: 'succeeded'; readonly reference: string }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** What the buyer must do, for as long as the provider waits for it. Never stored. */
export interface Action {
  readonly url: string;
  readonly clientSecret: string;
}

/** Everything there is to know of a payment at the provider. */
export interface Found {
  readonly seen: Observation;
  readonly action: Action | undefined;
  /** Our order, as we told the provider. */
  readonly orderId: string | undefined;
}

export interface Card {
  readonly token: string;
  readonly customer: string;
  readonly brand: string;
  readonly last4: string;
  readonly expMonth: number;
  readonly expYear: number;
}

export interface CardOwner {
  readonly userId: string;
  readonly region: Region;
  /** The provider's customer, when the person has saved a card before. */
  readonly customer: string | undefined;
}

/**
 * A payment provider. Every operation on money is idempotent by (order, step): asked twice it does one thing and
 * answers the same. Refusals are outcomes; no usable answer is a ProviderError.
 */
export interface PaymentProvider {
  authorise(payment: Payment, wait: Wait): Promise<Observation>;
  capture(payment: Payment, wait: Wait): Promise<CaptureOutcome>;
  /** Ends a hold. `taken` when it is too late for that. */
  void(payment: Payment, wait: Wait): Promise<Observation>;
  /** @param key unique within the order */
  refund(payment: Payment, key: string, amount: Money, wait: Wait): Promise<RefundOutcome>;
  /** By the provider's id, else by our order. `undefined`: the provider does not know of it (yet). */
  find(payment: Payment, wait: Wait): Promise<Found | undefined>;
  /** What became of a refund: one that was accepted can still fail days later. */
  findRefund(reference: string, wait: Wait): Promise<RefundOutcome>;
  /** `{ failure }` when the card is refused. */
  saveMethod(owner: CardOwner, token: string, wait: Wait): Promise<Card | { readonly failure: Failure }>;
  removeMethod(token: string, wait: Wait): Promise<void>;
}

/**
 * No usable answer. `unknown`: it may or may not have happened, ask again with the same key ·
 * `broken`: the provider failed inside, and gives that answer to the same key for ever: look for what it did.
 */
export class ProviderError extends Error {
  override name = 'ProviderError';
  readonly kind: 'unknown' | 'broken';
  constructor(kind: ProviderError['kind'], message: string, cause?: unknown) {
    super(message, { cause });
    this.kind = kind;
  }
}
