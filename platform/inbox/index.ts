import type { AisleEvent } from '../bus/event.ts';
import type { Database, Sql } from '../stores/postgres.ts';

export type Handled = 'handled' | 'duplicate' | 'outdated';

export interface InboxOptions {
  /** Skip an event whose subject has been seen at the same or a newer version. @default false */
  readonly latestOnly?: boolean;
}

/**
 * Runs `work` at most once per (consumer, event), in the transaction that records it.
 * A throw rolls both back, so that the next delivery tries again. The table is in the consumer's own schema.
 */
export function handleOnce(
  database: Database,
  event: Pick<AisleEvent, 'id' | 'source' | 'subject' | 'version'>,
  work: (tx: Sql) => Promise<void>,
  { latestOnly = false }: InboxOptions = {},
): Promise<Handled> {
  return database.transaction(async (tx) => {
    const fresh = await tx.query(
      'INSERT INTO inbox (source, event_id) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING 1',
      [event.source, event.id],
      'inbox_insert',
    );
    if (fresh.length === 0) return 'duplicate';
    if (latestOnly && !(await isNewest(tx, event))) return 'outdated';
    await work(tx);
    return 'handled';
  });
}

async function isNewest(
  tx: Sql,
  event: Pick<AisleEvent, 'source' | 'subject' | 'version'>,
): Promise<boolean> {
  const rows = await tx.query(
    `INSERT INTO inbox_versions (source, subject, version) VALUES ($1, $2, $3)
     ON CONFLICT (source, subject) DO UPDATE SET version = excluded.version WHERE inbox_versions.version < excluded.version
     RETURNING 1`,
    [event.source, event.subject, event.version],
    'inbox_version',
  );
  return rows.length > 0;
}
