import type { AisleEvent } from '../bus/event.ts';
import type { Sql } from '../stores/postgres.ts';

/** Puts events into the outbox table with the very transaction that changes the state they tell of. */
export interface PostgresOutbox {
  append(tx: Sql, events: readonly AisleEvent[]): Promise<void>;
  /** Wakes the relay after a commit, coalesced; a lost wake-up costs at most one sweep interval. */
  wake(): void;
}
