import { errorFields, type Log } from '../log/index.ts';
import type { Database, Sql } from '../stores/index.ts';
import { DELETE_EXPIRED } from './statements.ts';

export interface CleanerOptions {
  readonly databases: readonly Database[];
  readonly log: Log;
  /** Milliseconds between two runs. @default 600 000 */
  readonly everyMs?: number;
  /** Rows a statement deletes at most. @default 1 000 */
  readonly batch?: number;
  /** Statements a run sends at most to one database. @default 20 */
  readonly maxBatches?: number;
}

/** Deletes expired keys of one database in small steps. @returns how many went. */
export async function deleteExpiredKeys(sql: Sql, batch = 1_000, maxBatches = 20): Promise<number> {
  let deleted = 0;
  for (let round = 0; round < maxBatches; round++) {
    const { length } = await sql.query(DELETE_EXPIRED, [batch]);
    deleted += length;
    if (length < batch) break;
  }
  return deleted;
}

/** Keeps the table small. A run that fails is logged, and the next one goes on where it stopped. */
export function startKeyCleaner(options: CleanerOptions): { readonly name: string; stop(): Promise<void> } {
  let running: Promise<void> = Promise.resolve();
  const run = async () => {
    for (const database of options.databases) {
      await deleteExpiredKeys(database, options.batch, options.maxBatches).catch((error: unknown) =>
        options.log.warn('idempotency keys not cleaned', { region: database.region, ...errorFields(error) }),
      );
    }
  };
  const timer = setInterval(() => {
    running = running.then(run);
  }, options.everyMs ?? 600_000);
  timer.unref();
  return {
    name: 'idempotency-cleaner',
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}
