import type { Clock } from '@aisle/platform/clock';
import { policy } from '@aisle/platform/resilience';
import type { Meter } from '@aisle/platform/telemetry';
import Stripe from 'stripe';
import type { Payment } from '../domain/payment.ts';
import { intentOf } from '../domain/payment.ts';
import { leanHttpClient } from './lean-http-client.ts';
import type { PaymentProvider, Wait } from './provider.ts';
import {
  foundOf,
  isAnswer,
  isBusy,
  isUnexpectedState,
  refundOf,
  refusalOf,
  seenOf,
  toProviderError,
} from './stripe-outcomes.ts';

export interface StripeOptions {
  readonly url: URL;
  readonly key: string;
  /** Milliseconds for one try; all tries of a question together take at most twice that. */
  readonly timeoutMs: number;
  readonly concurrency: number;
  readonly clock?: Clock;
  readonly meter?: Meter;
}

/** The adapter on the official SDK. @see https://docs.stripe.com/payments/place-a-hold-on-a-payment-method */
export function stripeProvider(options: StripeOptions): PaymentProvider & { close(): Promise<void> } {
  const { url, key, timeoutMs, concurrency } = options;
  const http = leanHttpClient(url, concurrency);
  const stripe = new Stripe(key, {
    host: url.hostname,
    port: url.port || (url.protocol === 'https:' ? 443 : 80),
    protocol: url.protocol === 'https:' ? 'https' : 'http',
    httpClient: http.client,
    maxNetworkRetries: 0,
    telemetry: false,
    timeout: timeoutMs,
  });
  const calls = policy({
    name: 'psp',
    timeoutMs: timeoutMs * 2,
    attemptTimeoutMs: timeoutMs + 50,
    // Four tries of one question are one fewer than open the breaker.
    retries: { retries: 3, baseMs: 80, maxMs: 800 },
    bulkhead: { limit: concurrency, queue: concurrency * 20, maxWaitMs: timeoutMs },
    // A key in use (409) and a full rate (429) are worth another try, but do not say that the provider is ill.
    isFailure: (error) => !isAnswer(error) && !isBusy(error),
    isRetryable: (error) => !isAnswer(error),
    ...(options.clock && { clock: options.clock }),
    ...(options.meter && { meter: options.meter }),
  });
  /** Every question carries a key of its own step, so that all of them may be asked again. */
  const ask = <T>(wait: Wait, question: () => Promise<T>): Promise<T> =>
    calls
      .run(question, { idempotent: true, deadline: wait.deadline, signal: wait.signal })
      .catch((error: unknown) => {
        throw isAnswer(error) ? error : toProviderError(error);
      });
  const keyed = ({ orderId }: Payment, step: string) => ({ idempotencyKey: `${orderId}:${step}` });
  const retrieve = (intent: string, wait: Wait) => ask(wait, () => stripe.paymentIntents.retrieve(intent));

  return {
    async authorise(payment, wait) {
      const { orderId, id, amount, method, returnUrl } = payment;
      try {
        const intent = await ask(wait, () =>
          stripe.paymentIntents.create(
            {
              amount: Number(amount.minor),
              currency: amount.currency.toLowerCase(),
              capture_method: 'manual',
              confirm: true,
              payment_method: method.token,
              automatic_payment_methods: { enabled: true, allow_redirects: returnUrl ? 'always' : 'never' },
              metadata: { order_id: orderId, payment_id: id },
              ...(method.customer && { customer: method.customer }),
              ...(returnUrl && { return_url: returnUrl }),
            },
            keyed(payment, 'authorise'),
          ),
        );
        return seenOf(intent);
      } catch (error) {
        const refusal = refusalOf(error);
        if (!refusal) throw toProviderError(error);
        const { intent, ...failure } = refusal;
        return { kind: 'refused', intent, failure };
      }
    },

    async capture(payment, wait) {
      const intent = intentOf(payment.state)!;
      try {
        return seenOf(
          await ask(wait, () => stripe.paymentIntents.capture(intent, {}, keyed(payment, 'capture'))),
        );
      } catch (error) {
        if (isUnexpectedState(error)) return seenOf(await retrieve(intent, wait));
        const failure = refusalOf(error);
        if (!failure) throw toProviderError(error);
        return { kind: 'capture-refused', failure: { code: failure.code, message: failure.message } };
      }
    },

    async void(payment, wait) {
      const intent = intentOf(payment.state)!;
      try {
        return seenOf(
          await ask(wait, () =>
            stripe.paymentIntents.cancel(
              intent,
              { cancellation_reason: 'abandoned' },
              keyed(payment, 'void'),
            ),
          ),
        );
      } catch (error) {
        if (isAnswer(error)) return seenOf(await retrieve(intent, wait));
        throw toProviderError(error);
      }
    },

    async refund(payment, key, amount, wait) {
      const intent = intentOf(payment.state)!;
      try {
        const refund = await ask(wait, () =>
          stripe.refunds.create(
            {
              payment_intent: intent,
              amount: Number(amount.minor),
              metadata: { order_id: payment.orderId, payment_id: payment.id },
            },
            keyed(payment, key),
          ),
        );
        return refundOf(refund);
      } catch (error) {
        const failure = refusalOf(error);
        if (!failure) throw toProviderError(error);
        return { kind: 'failed', failure: { code: failure.code, message: failure.message } };
      }
    },

    async find({ orderId, state }, wait) {
      const intent = intentOf(state);
      if (intent) return foundOf(await retrieve(intent, wait));
      const query = `metadata['order_id']:'${orderId}'`;
      const { data } = await ask(wait, () => stripe.paymentIntents.search({ query, limit: 1 }));
      return data[0] && foundOf(data[0]);
    },

    findRefund: (reference, wait) => ask(wait, () => stripe.refunds.retrieve(reference)).then(refundOf),

    async saveMethod({ userId, region, customer }, token, wait) {
      const made = () =>
        stripe.customers.create(
          { metadata: { user_id: userId, region } },
          { idempotencyKey: `${userId}:customer` },
        );
      try {
        const owner = customer ?? (await ask(wait, made)).id;
        const saved = await ask(wait, () => stripe.paymentMethods.attach(token, { customer: owner }));
        const { card } = saved;
        if (!card) return { failure: { code: 'not_a_card', message: 'Only cards can be saved.' } };
        const { brand, last4, exp_month: expMonth, exp_year: expYear } = card;
        return { token: saved.id, customer: owner, brand, last4, expMonth, expYear };
      } catch (error) {
        const failure = refusalOf(error);
        if (!failure) throw toProviderError(error);
        return { failure: { code: failure.code, message: failure.message } };
      }
    },

    async removeMethod(token, wait) {
      try {
        await ask(wait, () => stripe.paymentMethods.detach(token));
      } catch (error) {
        // What is not attached (any more) is removed.
        if (!isAnswer(error)) throw toProviderError(error);
      }
    },

    close: () => http.close(),
  };
}
