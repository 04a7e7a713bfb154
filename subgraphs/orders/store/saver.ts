import type { AisleEvent } from '@aisle/platform/bus';
import type { PostgresOutbox } from '@aisle/platform/outbox';
import type { SagaSaver, Stamped } from '@aisle/platform/saga';
import type { Database } from '@aisle/platform/stores';
import { type Cause, type OrderFact, type OrderStatus, statusAfter } from '../domain/order.ts';
import type { OrderSaga, SagaOrder } from '../domain/saga/types.ts';
import { orderCancelled, orderConfirmed } from '../events/published.ts';
import { SAVE_STEP } from './statements.ts';

/** A row of the progress stream, as it is sent to be stored. */
export function stepRow(
  order: Pick<SagaOrder, 'id' | 'userId'>,
  step: string,
  status: OrderStatus,
  at: number,
  detail: string | null,
) {
  return { order_id: order.id, user_id: order.userId, step, status, detail, at: new Date(at).toISOString() };
}

/** Rows of the outbox, as they are sent to be stored. */
export function outboxRows(events: readonly AisleEvent[]): string {
  return JSON.stringify(events.map((event) => ({ ...head(event), event: JSON.stringify(event) })));
}

const head = ({ id, type, subject, version }: AisleEvent) => ({ id, type, subject, version });

const EMPTY = '[]';

/** What the order itself stores in the commit of a saga's step: status, steps, events. */
export function createSaver(
  outbox: Pick<PostgresOutbox, 'wake'>,
  wakeProgress: (database: Database) => void,
): SagaSaver<OrderSaga, OrderFact> {
  return {
    sql: SAVE_STEP,
    params({ state, facts }) {
      const { order, version } = state;
      const last = facts.at(-1);
      if (!last) return [order.id, null, version, null, new Date().toISOString(), EMPTY, EMPTY];
      const cause = facts.reduce<Cause | null>(
        (found, { fact }) => ('cause' in fact ? fact.cause : found),
        null,
      );
      const rows = facts.map(({ fact, at }) =>
        stepRow(order, fact.type, statusAfter(fact), at, detailOf(fact)),
      );
      return [
        ...[order.id, statusAfter(last.fact), version, cause && JSON.stringify(cause)],
        ...[new Date(last.at).toISOString(), JSON.stringify(rows), eventsOf(state, facts)],
      ];
    },
    saved(database, { facts }) {
      if (facts.length === 0) return;
      wakeProgress(database);
      if (facts.some(({ fact }) => isPublished(fact))) outbox.wake(database.region);
    },
  };
}

const isPublished = ({ type }: OrderFact) => type === 'CONFIRMED' || type === 'CANCELLED';

function eventsOf(state: OrderSaga, facts: readonly Stamped<OrderFact>[]): string {
  const { order, version } = state;
  const events = facts.flatMap(({ fact, at }, index): AisleEvent[] => {
    // The state's version counts all facts; this one may have others after it.
    const then = version - (facts.length - 1 - index);
    if (fact.type === 'CONFIRMED') return [orderConfirmed(order, then, at)];
    if (fact.type === 'CANCELLED')
      return [orderCancelled(order, then, at, 'cause' in state ? state.cause : null)];
    return [];
  });
  return events.length === 0 ? EMPTY : outboxRows(events);
}

function detailOf(fact: OrderFact): string | null {
  if (!('cause' in fact)) return null;
  return fact.cause.kind === 'refused' ? fact.cause.refusal.message : fact.cause.reason;
}
