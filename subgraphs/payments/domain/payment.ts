import type { Region } from '@aisle/platform/identity';
import type { Money } from '@aisle/platform/money';

/** Why a payment was refused, in the provider's stable codes. */
export interface Failure {
  readonly code: string;
  readonly message: string;
}

/** What is charged: the provider's token, and the provider's customer that it is saved with, if it is. */
export interface Method {
  readonly token: string;
  readonly customer: string | null;
}

/**
 * How far a payment has come. `authorising`, `capturing` and `voiding` mean: we said what we want, in our own
 * books, and do not know yet what the provider made of it. `intent` is the provider's id.
 */
export type State =
  | { readonly kind: 'authorising' }
  | { readonly kind: 'action-required'; readonly intent: string }
  | { readonly kind: 'authorised'; readonly intent: string; readonly failure?: Failure }
  | { readonly kind: 'declined'; readonly intent: string | null; readonly failure: Failure }
  | { readonly kind: 'capturing'; readonly intent: string }
  | { readonly kind: 'captured'; readonly intent: string }
  | { readonly kind: 'voiding'; readonly intent: string | null }
  | { readonly kind: 'voided'; readonly intent: string | null };

export type StateKind = State['kind'];

/** What the order asked for. */
export interface Order {
  readonly orderId: string;
  /** Null when the payment was voided before it was asked for: nobody's. */
  readonly userId: string | null;
  readonly region: Region;
  readonly amount: Money;
  readonly method: Method;
  readonly returnUrl: string | null;
}

export interface Payment extends Order {
  readonly id: string;
  readonly state: State;
  /** Minor units taken, given back, and promised back (refunds asked for, settled or not). */
  readonly captured: bigint;
  readonly refunded: bigint;
  readonly promised: bigint;
  /** Goes up by one with every change. */
  readonly version: number;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

export type Status =
  | 'PENDING'
  | 'REQUIRES_ACTION'
  | 'AUTHORISED'
  | 'DECLINED'
  | 'CAPTURED'
  | 'VOIDED'
  | 'PARTIALLY_REFUNDED'
  | 'REFUNDED';

/** What the world is told. */
export function statusOf({
  state,
  captured,
  refunded,
}: Pick<Payment, 'state' | 'captured' | 'refunded'>): Status {
  switch (state.kind) {
    case 'authorising':
    case 'capturing':
    case 'voiding':
      return 'PENDING';
    case 'action-required':
      return 'REQUIRES_ACTION';
    case 'authorised':
      return 'AUTHORISED';
    case 'declined':
      return 'DECLINED';
    case 'captured':
    case 'voided':
      if (captured === 0n) return 'VOIDED';
      if (refunded === 0n) return 'CAPTURED';
      return refunded < captured ? 'PARTIALLY_REFUNDED' : 'REFUNDED';
    default:
      return state satisfies never;
  }
}

/** Whether the provider has to be asked before this can be called settled. */
export function isOpen(state: State): boolean {
  return state.kind === 'authorising' || state.kind === 'capturing' || state.kind === 'voiding';
}

export function failureOf(state: State): Failure | undefined {
  return state.kind === 'declined' || state.kind === 'authorised' ? state.failure : undefined;
}

export function intentOf(state: State): string | null {
  return state.kind === 'authorising' ? null : state.intent;
}
