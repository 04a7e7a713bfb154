import { versionConflict } from '@aisle/platform/errors';
import type { Order } from './order.ts';
import { notCancellable, type Refusal } from './refusal.ts';

export type CancelDecision =
  /** Paid: money and goods have to go back. */
  | { readonly kind: 'take-back' }
  /** Waits for the buyer: its saga has to turn round. */
  | { readonly kind: 'turn-round' }
  /** Still being placed: it has to settle first. */
  | { readonly kind: 'settle-first' }
  | { readonly kind: 'already' }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** What cancelling an order means, by where it is. */
export function decideCancel(order: Order, expectedVersion: number | undefined): CancelDecision {
  const { state, version } = order;
  // Whoever asks again after a lost answer has an older version, and got what they wanted.
  if (state.status === 'CANCELLED' || state.status === 'CANCELLING') return { kind: 'already' };
  if (expectedVersion !== undefined && expectedVersion !== version) {
    return { kind: 'refused', refusal: versionConflict(expectedVersion, version) };
  }
  switch (state.status) {
    case 'CONFIRMED':
      return { kind: 'take-back' };
    case 'AWAITING_PAYMENT':
      return { kind: 'turn-round' };
    case 'PENDING':
      return { kind: 'settle-first' };
    case 'COMPLETED':
      return { kind: 'refused', refusal: notCancellable(state.status) };
    default:
      return state satisfies never;
  }
}
