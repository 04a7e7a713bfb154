import { errorFields, type Log } from '../log/index.ts';
import type { Database, Sql } from '../stores/index.ts';
import type { Kept } from './kept.ts';

export interface PrunerOptions {
  readonly databases: readonly Database[];
  readonly tables: readonly Kept[];
  readonly log: Log;
  /** Milliseconds between two runs. @default 600 000 */
  readonly everyMs?: number;
}

/** Rows that one statement deletes at most: nobody waits long for its locks. */
const BATCH = 1_000;
/** Statements that a run sends at most for one table of one database; what is left is for the next run. */
const MAX_BATCHES = 200;
const EVERY_MS = 600_000;

/** Several processes may prune at once: each skips what another is at. */
const deleteSome = ({ table, until }: Kept) => `WITH gone AS (
  DELETE FROM ${table} WHERE ctid = ANY (ARRAY(SELECT ctid FROM ${table} WHERE ${until} LIMIT $1 FOR UPDATE SKIP LOCKED))
  RETURNING 1)
SELECT count(*)::int AS gone FROM gone`;

/** Deletes what may go of one table, in small steps. @returns how many rows went */
export async function prune(sql: Sql, kept: Kept, batch = BATCH, maxBatches = MAX_BATCHES): Promise<number> {
  let total = 0;
  for (let step = 0; step < maxBatches; step++) {
    const [row] = await sql.query<{ gone: number }>(deleteSome(kept), [batch]);
    const gone = row?.gone ?? 0;
    total += gone;
    if (gone < batch) break;
  }
  return total;
}

/** Prunes tables now and then. A run that fails is logged; the next one goes on where it stopped. */
export function startPruner({ databases, tables, log, everyMs = EVERY_MS }: PrunerOptions): {
  readonly name: string;
  stop(): Promise<void>;
} {
  let stopped = false;
  let running: Promise<void> = Promise.resolve();

  async function run(): Promise<void> {
    for (const database of databases) {
      for (const kept of tables) {
        if (stopped) return;
        if (kept.where === 'regional' && database.region === 'global') continue;
        await prune(database, kept).catch((error: unknown) =>
          log.warn('not pruned', { table: kept.table, region: database.region, ...errorFields(error) }),
        );
      }
    }
  }

  const timer = setInterval(() => {
    running = running.then(run);
  }, everyMs);
  timer.unref();
  return {
    name: 'pruner',
    async stop() {
      stopped = true;
      clearInterval(timer);
      await running;
    },
  };
}
