import type { Clock } from '@aisle/platform/clock';
import { newId } from '@aisle/platform/ids';
import { errorFields, type Log } from '@aisle/platform/log';
import type { Money } from '@aisle/platform/money';
import type { PostgresOutbox } from '@aisle/platform/outbox';
import type { Payment } from '../domain/payment.ts';
import { decideRefund, type Refund, type RefundDecision, settleRefund } from '../domain/refund.ts';
import { refundIssued } from '../events/published.ts';
import type { PaymentStore } from './index.ts';
import type { Ledger } from './ledger.ts';
import { type PaymentProvider, ProviderError, type RefundOutcome, type Wait } from './provider.ts';

export interface RefundRequest {
  readonly key: string;
  readonly amount: Money;
  readonly reason: string;
}

export type RefundAnswer =
  | { readonly kind: 'asked'; readonly refund: Refund; readonly payment: Payment }
  | Exclude<RefundDecision, { kind: 'promise' }>;

/** Promises an amount in our books, asks the provider for it, and keeps the promise or takes it back. */
export interface Refunding {
  request(payment: Payment, request: RefundRequest, wait: Wait): Promise<RefundAnswer>;
  /** Goes on with a refund whose outcome is not known. */
  settle(refund: Refund, wait: Wait): Promise<void>;
  /** Asks what became of a refund that the provider had accepted. @throws ProviderError */
  look(refund: Refund, webhook: string, wait: Wait): Promise<void>;
}

const MAX_TRIES = 8;
const UNIQUE_VIOLATION = '23505';

export function createRefunding(parts: {
  payments: PaymentStore;
  ledger: Ledger;
  provider: PaymentProvider;
  outbox: Pick<PostgresOutbox, 'wake'>;
  clock: Clock;
  log: Log;
}): Refunding {
  const { payments, ledger, provider, outbox, clock, log } = parts;

  async function promise(payment: Payment, request: RefundRequest): Promise<RefundAnswer> {
    let answer: RefundAnswer | undefined;
    const promised = await ledger.update(payment, (current, now) => {
      const decision = decideRefund(current, request.amount, now);
      if (decision.kind !== 'promise') {
        answer = decision;
        return undefined;
      }
      const id = newId('rfd', current.region, now);
      const refund: Refund = {
        id,
        orderId: current.orderId,
        ...request,
        status: 'pending',
        reference: null,
        createdAt: now,
      };
      answer = { kind: 'asked', refund, payment: decision.payment };
      return { next: decision.payment, along: { refund } };
    });
    return answer?.kind === 'asked' ? { ...answer, payment: promised } : answer!;
  }

  /**
   * Stores what became of a refund, once. The payment is read before the refund: whoever changes the refund moves the
   * payment's version on, so a stale refund is never stored over a fresh payment.
   */
  async function store(refund: Refund, outcome: RefundOutcome, webhook?: string): Promise<void> {
    const status = outcome.kind;
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const payment = await ledger.load(refund.orderId);
      const current = await payments.refund(refund.orderId, refund.key);
      if (!payment || !current || current.status === status || current.status === 'failed') return;
      // What is left is being given back just now; how much that was must be known before it becomes more.
      if (current.status === 'succeeded' && payment.state.kind === 'voiding')
        throw new ProviderError('unknown', 'The payment is being given back.');
      const now = clock.now();
      const next = settleRefund(payment, current, status, now);
      const reference = outcome.kind === 'succeeded' ? outcome.reference : current.reference;
      const events = status === 'succeeded' ? [refundIssued(next, current, now)] : [];
      const code = outcome.kind === 'failed' ? { code: outcome.failure.code } : {};
      const attempt = { step: 'refund', outcome: status, tookMs: 0, ...code } as const;
      if (
        await payments.save(next, { refund: { ...current, status, reference }, events, attempt, webhook })
      ) {
        if (events.length > 0) outbox.wake(payment.region);
        return;
      }
    }
    throw new Error(`Refund ${refund.id} changes faster than it can be stored.`);
  }

  async function settle(refund: Refund, wait: Wait): Promise<void> {
    const payment = await payments.find(refund.orderId);
    if (!payment) return;
    try {
      await store(refund, await provider.refund(payment, `refund:${refund.key}`, refund.amount, wait));
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      log.warn('refund left open', { orderId: refund.orderId, refundId: refund.id, ...errorFields(error) });
    }
  }

  return {
    settle,
    async request(payment, request, wait) {
      const known = await payments.refund(payment.orderId, request.key);
      let refund = known;
      if (!refund) {
        try {
          const answer = await promise(payment, request);
          // Refused, it may be by the very same call: its refund, stored a moment ago, counts as given already.
          refund =
            answer.kind === 'asked' ? answer.refund : await payments.refund(payment.orderId, request.key);
          if (!refund && answer.kind !== 'asked') return answer;
        } catch (error) {
          // Somebody used the key at the very same time: theirs counts.
          if ((error as { code?: string }).code !== UNIQUE_VIOLATION) throw error;
          refund = await payments.refund(payment.orderId, request.key);
        }
      }
      if (!refund) throw new Error(`The refund ${request.key} of ${payment.orderId} was not stored.`);
      const same =
        refund.amount.minor === request.amount.minor && refund.amount.currency === request.amount.currency;
      if (!same) return { kind: 'other-input' };
      if (refund.status === 'pending') await settle(refund, wait);
      const [after, settled] = [
        await ledger.load(payment.orderId),
        await payments.refund(payment.orderId, request.key),
      ];
      return { kind: 'asked', payment: after ?? payment, refund: settled ?? refund };
    },
    async look(refund, webhook, wait) {
      if (refund.reference === null) return;
      const outcome = await provider.findRefund(refund.reference, wait);
      if (outcome.kind === 'failed') await store(refund, outcome, webhook);
    },
  };
}
