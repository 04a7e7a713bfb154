/** What of a table is not needed any more, so that no table of what happened grows for ever. */
export interface Kept {
  readonly table: string;
  /** SQL condition of the rows that may go. Never of anything from outside. */
  readonly until: string;
  /** Databases that have the table. @default 'all' */
  readonly where?: 'all' | 'regional';
}

/**
 * Keys and events are forgotten only when nobody can send them again: a queue and its dead letters keep a message for
 * 14 days each, the payment provider repeats a webhook for three, a key of idempotency says itself how long it holds.
 * Sent events stay for the auditor, longer than the sagas that sent them. Ended sagas are pruned by their runner.
 */
export const PLATFORM_TABLES: Readonly<Record<'outbox' | 'inbox' | 'idempotency', Kept>> = {
  outbox: { table: 'outbox', until: "sent_at < now() - interval '10 days'" },
  inbox: { table: 'inbox', until: "handled_at < now() - interval '30 days'" },
  idempotency: { table: 'idempotency', until: 'expires_at <= now()' },
};
