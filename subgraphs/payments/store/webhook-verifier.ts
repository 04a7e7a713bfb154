import Stripe from 'stripe';
import type { Observation } from '../domain/observation.ts';
import { seenOf } from './stripe-outcomes.ts';

/** What a webhook tells, once its signature is right: which order it is about. What happened is asked anew. */
export interface ProviderEvent {
  readonly id: string;
  readonly type: string;
  /** The provider's object: an intent or a refund. */
  readonly objectId: string;
  readonly orderId: string | undefined;
  /** What the message shows of an intent, at the time it was made. */
  readonly seen: Observation | undefined;
}

export interface WebhookVerifier {
  /** @returns undefined for a forged, changed or too old message. `now` is epoch milliseconds */
  verify(body: string, signature: string | undefined, now: number): ProviderEvent | undefined;
}

/** Oldest message taken, seconds: an intercepted one is useless after that. */
const TOLERANCE_SECONDS = 300;

export function stripeWebhooks(secret: string): WebhookVerifier {
  return {
    verify(body, signature, now) {
      if (!signature) return undefined;
      let event: Stripe.Event;
      try {
        event = Stripe.webhooks.constructEvent(body, signature, secret, TOLERANCE_SECONDS, undefined, now);
      } catch {
        return undefined;
      }
      const object = event.data?.object as
        | { id?: unknown; metadata?: Record<string, unknown> | null }
        | undefined;
      if (typeof event.id !== 'string' || typeof event.type !== 'string' || typeof object?.id !== 'string')
        return undefined;
      const orderId = object.metadata?.order_id;
      const seen = event.type.startsWith('payment_intent.')
        ? snapshot(object as Stripe.PaymentIntent)
        : undefined;
      return {
        seen,
        id: event.id,
        type: event.type,
        objectId: object.id,
        orderId: typeof orderId === 'string' ? orderId : undefined,
      };
    },
  };
}

function snapshot(intent: Stripe.PaymentIntent): Observation | undefined {
  try {
    return seenOf(intent);
  } catch {
    // In between two states: there is nothing to learn yet.
    return undefined;
  }
}
