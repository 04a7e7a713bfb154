import { type Money, money } from '@aisle/platform/money';
import type { Payment, State } from './payment.ts';

export interface Refund {
  readonly id: string;
  readonly orderId: string;
  /** Idempotency key within the order. */
  readonly key: string;
  readonly amount: Money;
  readonly reason: string;
  readonly status: 'pending' | 'succeeded' | 'failed';
  /** The provider's id. */
  readonly reference: string | null;
  readonly createdAt: number;
}

/** Key of the refund that a void makes, by the payment's version then. A blank is in no key that anybody may choose. */
export const voidKey = (version: number): string => `void ${version}`;

export type RefundDecision =
  | { readonly kind: 'promise'; readonly payment: Payment }
  | { readonly kind: 'nothing-taken' }
  | { readonly kind: 'other-input' }
  | { readonly kind: 'too-large'; readonly refundable: Money };

/** Whether an amount may be promised back. Refunds asked for and not yet settled count as given. */
export function decideRefund(payment: Payment, amount: Money, now: number): RefundDecision {
  if (payment.state.kind !== 'captured') return { kind: 'nothing-taken' };
  if (amount.currency !== payment.amount.currency) return { kind: 'other-input' };
  const left = payment.captured - payment.promised;
  if (amount.minor > left) return { kind: 'too-large', refundable: money(amount.currency, left) };
  return { kind: 'promise', payment: next(payment, { promised: payment.promised + amount.minor }, now) };
}

/** The payment after the provider gave a refund's amount back, or would not. What was to be given back whole is again. */
export function settleRefund(
  payment: Payment,
  refund: Refund,
  outcome: 'succeeded' | 'failed',
  now: number,
): Payment {
  const { minor } = refund.amount;
  if (outcome === 'succeeded') return next(payment, { refunded: payment.refunded + minor }, now);
  const given = refund.status === 'succeeded' ? minor : 0n;
  const state: State =
    payment.state.kind === 'voided' ? { kind: 'voiding', intent: payment.state.intent } : payment.state;
  return next(
    payment,
    { state, promised: payment.promised - minor, refunded: payment.refunded - given },
    now,
  );
}

function next(payment: Payment, change: Partial<Payment>, now: number): Payment {
  return { ...payment, ...change, version: payment.version + 1, updatedAt: now };
}
