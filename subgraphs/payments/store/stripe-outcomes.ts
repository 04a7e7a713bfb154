import { RejectedError } from '@aisle/platform/resilience';
import Stripe from 'stripe';
import type { Observation } from '../domain/observation.ts';
import type { Failure } from '../domain/payment.ts';
import { type Found, ProviderError, type RefundOutcome } from './provider.ts';

/** Stripe's intent as an observation. */
export function seenOf(intent: Stripe.PaymentIntent): Observation {
  switch (intent.status) {
    case 'requires_capture':
      return { kind: 'held', intent: intent.id };
    case 'succeeded':
      return { kind: 'taken', intent: intent.id, amount: BigInt(intent.amount_received) };
    case 'requires_action':
      return { kind: 'action', intent: intent.id };
    case 'canceled':
      return { kind: 'ended', intent: intent.id };
    case 'requires_payment_method':
      return { kind: 'refused', intent: intent.id, failure: failureOf(intent.last_payment_error) };
    default:
      // `processing` and `requires_confirmation` pass by themselves: the sweeper asks again.
      throw new ProviderError('unknown', `The intent is ${intent.status}.`);
  }
}

export function foundOf(intent: Stripe.PaymentIntent): Found {
  const url = intent.next_action?.redirect_to_url?.url;
  const clientSecret = intent.client_secret;
  const action =
    intent.status === 'requires_action' && url && clientSecret ? { url, clientSecret } : undefined;
  return { seen: seenOf(intent), action, orderId: intent.metadata.order_id };
}

/** A refund that is `pending` at the provider is on its way; should it fail after all, a webhook tells. */
export function refundOf({ id, status, failure_reason: reason }: Stripe.Refund): RefundOutcome {
  if (status !== 'failed' && status !== 'canceled') return { kind: 'succeeded', reference: id };
  return { kind: 'failed', failure: { code: reason ?? 'refund_failed', message: 'The refund failed.' } };
}

/** The finer code where there is one: `insufficient_funds` rather than `card_declined`. */
export function failureOf(
  error: { code?: string | null; decline_code?: string | null; message?: string | null } | null | undefined,
): Failure {
  const decline =
    error?.decline_code && error.decline_code !== 'generic_decline' ? error.decline_code : undefined;
  return {
    code: decline ?? error?.code ?? 'card_declined',
    message: error?.message ?? 'Your card was declined.',
  };
}

/** A refusal of the card, or of what was sent for it; `undefined` for everything else that went wrong. */
export function refusalOf(error: unknown): (Failure & { intent: string | null }) | undefined {
  if (error instanceof Stripe.errors.StripeCardError) {
    return { ...failureOf(error), intent: error.payment_intent?.id ?? null };
  }
  if (error instanceof Stripe.errors.StripeInvalidRequestError) {
    const code = error.code ?? 'invalid_request';
    return {
      code,
      message: 'The payment provider does not accept this card.',
      intent: error.payment_intent?.id ?? null,
    };
  }
  return undefined;
}

export const isUnexpectedState = (error: unknown): boolean =>
  error instanceof Stripe.errors.StripeInvalidRequestError &&
  error.code === 'payment_intent_unexpected_state';

/** True for an answer about the request itself: the provider is well, and asking again changes nothing. */
export function isAnswer(error: unknown): boolean {
  return (
    error instanceof Stripe.errors.StripeCardError ||
    error instanceof Stripe.errors.StripeInvalidRequestError ||
    error instanceof Stripe.errors.StripeIdempotencyError
  );
}

export const isBusy = (error: unknown): boolean =>
  error instanceof Stripe.errors.StripeError && (error.statusCode === 409 || error.statusCode === 429);

export function toProviderError(error: unknown): ProviderError {
  if (error instanceof ProviderError) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof RejectedError) return new ProviderError('unknown', message, error);
  const broken = error instanceof Stripe.errors.StripeError && (error.statusCode ?? 0) >= 500;
  return new ProviderError(broken ? 'broken' : 'unknown', message, error);
}
