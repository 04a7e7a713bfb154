import type { Clock } from '@aisle/platform/clock';
import { newId } from '@aisle/platform/ids';
import type { Log } from '@aisle/platform/log';
import { withDeadline } from '@aisle/platform/resilience';
import type { Meter } from '@aisle/platform/telemetry';
import { toGiveBack } from '../domain/decide.ts';
import { type Observation, UNREACHABLE } from '../domain/observation.ts';
import { isOpen, type Payment } from '../domain/payment.ts';
import { type Refund, voidKey } from '../domain/refund.ts';
import { VOID_REASON } from '../events/published.ts';
import type { Attempt, PaymentStore } from './index.ts';
import type { Ledger } from './ledger.ts';
import { type PaymentProvider, ProviderError, type Wait } from './provider.ts';

/** Questions that one settlement may ask: authorise, void, refund, each with a look at what was there. */
const MAX_STEPS = 8;
/** A payment that the provider fails on so often, and knows nothing of, is given up. */
const GIVE_UP_AFTER_CHECKS = 6;

export interface SettleOptions {
  /** The command waits for the outcome: no event tells of it. @default false */
  readonly direct?: boolean;
  /** How often the sweeper has tried. @default 0 */
  readonly checks?: number;
}

/** Finds out what the provider made of what we want, until the payment is no longer open. */
export interface Settlement {
  /** Never throws for a silent provider: the payment stays open then and the sweeper goes on. */
  settle(payment: Payment, wait: Wait, options?: SettleOptions): Promise<Payment>;
  /** Asks what the provider knows and takes it over. @throws ProviderError */
  look(payment: Payment, wait: Wait, webhook?: string): Promise<Payment>;
  /** A settlement of this order that is under way in this process. */
  underWay(orderId: string): Promise<unknown> | undefined;
}

export interface SettlementParts {
  readonly payments: PaymentStore;
  readonly ledger: Ledger;
  readonly provider: PaymentProvider;
  readonly clock: Clock;
  readonly log: Log;
  readonly meter: Meter;
}

export function createSettlement({
  payments,
  ledger,
  provider,
  clock,
  log,
  meter,
}: SettlementParts): Settlement {
  const asked = meter.counter(
    'payments_provider_answers_total',
    'What the provider said to payments, by step and outcome.',
  );
  /** One settlement per order at a time in a process: whoever comes meanwhile shares its outcome. */
  const flights = new Map<string, Promise<Payment>>();

  async function step(
    payment: Payment,
    wait: Wait,
    { direct = false, checks = 0 }: SettleOptions,
  ): Promise<Payment> {
    const started = clock.now();
    const attempt = (name: Attempt['step'], outcome: string, code?: string): Attempt => {
      asked.add(1, { step: name, outcome });
      return { step: name, outcome, tookMs: Math.max(0, clock.now() - started), ...(code && { code }) };
    };
    const observe = async (name: Attempt['step'], seen: Observation) => {
      const note = attempt(name, seen.kind, seen.kind === 'refused' ? seen.failure.code : undefined);
      return (await ledger.change(payment, { kind: 'observe', seen }, { direct, attempt: note })).payment;
    };
    switch (payment.state.kind) {
      case 'authorising':
        return observe('authorise', await authoriseAgain(payment, wait, checks));
      case 'capturing': {
        const outcome = await provider.capture(payment, wait);
        if (outcome.kind !== 'capture-refused') return observe('capture', outcome);
        const note = attempt('capture', outcome.kind, outcome.failure.code);
        const command = { kind: 'refuse-capture', failure: outcome.failure } as const;
        return (await ledger.change(payment, command, { attempt: note })).payment;
      }
      case 'voiding': {
        if (payment.captured > 0n) return giveBack(payment, wait);
        if (payment.state.intent === null)
          return observe('authorise', await authoriseAgain(payment, wait, checks));
        return observe('void', await provider.void(payment, wait));
      }
      default:
        return payment;
    }
  }

  /** Asks with the same key, so there is at most one charge. A provider that broke down on it is asked what it did. */
  async function authoriseAgain(payment: Payment, wait: Wait, checks: number): Promise<Observation> {
    try {
      return await provider.authorise(payment, wait);
    } catch (error) {
      if (!(error instanceof ProviderError) || error.kind !== 'broken') throw error;
      const found = await provider.find(payment, wait);
      if (found) return found.seen;
      if (checks < GIVE_UP_AFTER_CHECKS) throw error;
      return { kind: 'refused', intent: null, failure: UNREACHABLE };
    }
  }

  /**
   * A void after the capture is a refund of what is left, once no other refund is under way. From then on nothing but
   * its own end moves the version on, so the version names it: the same try again, another one should it fail later.
   */
  async function giveBack(payment: Payment, wait: Wait): Promise<Payment> {
    const minor = toGiveBack(payment);
    if (minor === undefined) throw new ProviderError('unknown', 'A refund is still under way.');
    const { orderId, region, version, amount: price } = payment;
    const started = clock.now();
    const refundId = newId('rfd', region, started);
    const command = { kind: 'give-back', amount: minor, refundId } as const;
    if (minor === 0n) {
      const attempt = { step: 'refund', outcome: 'nothing-left', tookMs: 0 } as const;
      return (await ledger.change(payment, command, { attempt })).payment;
    }
    const amount = { ...price, minor };
    const outcome = await provider.refund(payment, `void-refund:${version}`, amount, wait);
    if (outcome.kind === 'failed') {
      log.error('a void could not be refunded', { orderId, code: outcome.failure.code });
      throw new ProviderError('unknown', outcome.failure.message);
    }
    const refund: Refund = {
      ...{ id: refundId, orderId, amount, reason: VOID_REASON, createdAt: started },
      ...{ key: voidKey(version), status: 'succeeded', reference: outcome.reference },
    };
    const attempt = { step: 'refund', outcome: outcome.kind, tookMs: clock.now() - started } as const;
    return (await ledger.change(payment, command, { attempt, refund })).payment;
  }

  async function run(payment: Payment, wait: Wait, options: SettleOptions): Promise<Payment> {
    let current = payment;
    for (let steps = 0; steps < MAX_STEPS && isOpen(current.state); steps++) {
      const started = clock.now();
      const before = current;
      try {
        current = await step(before, wait, options);
      } catch (error) {
        if (!(error instanceof ProviderError)) throw error;
        log.warn('payment left open', {
          orderId: payment.orderId,
          state: before.state.kind,
          error: error.message,
        });
        const name =
          before.state.kind === 'capturing'
            ? 'capture'
            : before.state.kind === 'voiding'
              ? 'void'
              : 'authorise';
        asked.add(1, { step: name, outcome: error.kind });
        await payments.recordAttempt(before, {
          step: name,
          outcome: error.kind,
          tookMs: Math.max(0, clock.now() - started),
        });
        // Somebody may have wanted something else meanwhile.
        return (await ledger.load(payment.orderId)) ?? before;
      }
      if (current.version === before.version) break;
    }
    return current;
  }

  return {
    underWay: (orderId) => flights.get(orderId),
    async settle(payment, wait, options = {}) {
      let current = payment;
      // Twice: a settlement that was joined may have ended before what we stored just now.
      for (let turns = 0; turns < 2 && isOpen(current.state); turns++) {
        const joined = flights.get(payment.orderId);
        if (!joined) {
          const flight = run(current, wait, options).finally(() => flights.delete(payment.orderId));
          flights.set(payment.orderId, flight);
          return flight;
        }
        const shared = () =>
          joined.then(
            (): undefined => undefined,
            (): undefined => undefined,
          );
        await withDeadline(shared, { ...wait, clock }).catch(() => {});
        current = (await ledger.load(payment.orderId)) ?? current;
      }
      return current;
    },
    async look(payment, wait, webhook) {
      const found = await provider.find(payment, wait);
      if (!found) return payment;
      const { payment: seen } = await ledger.change(
        payment,
        { kind: 'observe', seen: found.seen },
        { webhook },
      );
      return seen;
    },
  };
}
