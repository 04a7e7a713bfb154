import type { Clock } from '@aisle/platform/clock';
import type { PostgresOutbox } from '@aisle/platform/outbox';
import { type Command, type Conflict, decide } from '../domain/decide.ts';
import { evolve } from '../domain/evolve.ts';
import type { Payment } from '../domain/payment.ts';
import { factsOf } from '../events/published.ts';
import type { Along, PaymentStore } from './index.ts';
import type { Recent } from './recent.ts';

/** Times a change is decided anew because somebody else stored one in between. */
const MAX_TRIES = 8;

export interface Changed {
  readonly payment: Payment;
  readonly conflict?: Conflict['conflict'];
}

export interface ChangeOptions extends Pick<Along, 'attempt' | 'webhook' | 'refund'> {
  /** The command that asked waits for this very change. @default false */
  readonly direct?: boolean;
}

/** Load → decide → save, with the events that tell of it, in one commit; again when the version moved on. */
export interface Ledger {
  load(orderId: string): Promise<Payment | undefined>;
  change(current: Payment, command: Command, options?: ChangeOptions): Promise<Changed>;
  /** Stores a change that was computed from `current`; recomputed when it was too late. */
  update(
    current: Payment,
    compute: (payment: Payment, now: number) => { next: Payment; along: Along } | undefined,
  ): Promise<Payment>;
}

export function createLedger({
  payments,
  outbox,
  clock,
  recent,
}: {
  payments: PaymentStore;
  outbox: Pick<PostgresOutbox, 'wake'>;
  clock: Clock;
  recent: Recent;
}): Ledger {
  async function load(orderId: string): Promise<Payment | undefined> {
    const payment = await payments.find(orderId);
    if (payment) recent.set(payment);
    return payment;
  }

  async function update(
    current: Payment,
    compute: (payment: Payment, now: number) => { next: Payment; along: Along } | undefined,
  ): Promise<Payment> {
    let payment = current;
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const change = compute(payment, clock.now());
      if (!change) return payment;
      if (await payments.save(change.next, change.along)) {
        recent.set(change.next);
        if ((change.along.events?.length ?? 0) > 0) outbox.wake(payment.region);
        return change.next;
      }
      payment = (await load(payment.orderId)) ?? payment;
    }
    throw new Error(`Payment ${current.id} changes faster than it can be stored.`);
  }

  return {
    load,
    update,
    async change(current, command, { direct = false, attempt, webhook, refund } = {}) {
      let conflict: Conflict['conflict'] | undefined;
      const payment = await update(current, (before, now) => {
        const decision = decide(command, before);
        conflict = 'conflict' in decision ? decision.conflict : undefined;
        if ('conflict' in decision || decision.length === 0) return undefined;
        const next = evolve(before, decision, now);
        return {
          next,
          along: {
            events: factsOf(next, decision, direct, now),
            attempt,
            webhook,
            ...(refund && { refund }),
          },
        };
      });
      return { payment, ...(conflict && { conflict }) };
    },
  };
}
