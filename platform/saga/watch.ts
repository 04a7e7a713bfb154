import { errorFields, type Log } from '../log/index.ts';
import type { Database, Sql } from '../stores/index.ts';
import type { Meter } from '../telemetry/index.ts';
import { COUNT_OPEN, PRUNE, STUCK } from './statements.ts';

/** Failed tries of one step after which a saga counts as stuck. */
const STUCK_ATTEMPTS = 5;

export interface StuckSaga extends Record<string, unknown> {
  readonly id: string;
  readonly name: string;
  readonly step: string;
  readonly attempts: number;
  readonly overdue: boolean;
  readonly last_error: string | null;
  readonly age_seconds: number;
}

/** Sagas that need a person's eye: past their deadline, or failing again and again. The oldest first. */
export function stuckSagas(sql: Sql, limit = 100): Promise<StuckSaga[]> {
  return sql.query<StuckSaga>(STUCK, [STUCK_ATTEMPTS, limit]);
}

export interface WatchOptions {
  readonly databases: readonly Database[];
  readonly meter: Meter;
  readonly log: Log;
  /** Milliseconds between two counts. @default 15 000 */
  readonly everyMs?: number;
  /** How long ended sagas are kept for the auditor, milliseconds. @default 7 days */
  readonly keepMs?: number;
}

/** Counts open and stuck sagas into the metrics `saga_open` and `saga_stuck`, names the stuck ones in the log, and prunes. */
export function watchSagas(options: WatchOptions): { readonly name: string; stop(): Promise<void> } {
  const { databases, meter, log } = options;
  const counts = new Map<string, { labels: Record<string, string>; open: number; stuck: number }>();
  const rows = (pick: 'open' | 'stuck') =>
    [...counts.values()].map((entry) => ({ labels: entry.labels, value: entry[pick] }));
  meter.gauge('saga_open', 'Sagas that are not over', () => rows('open'));
  meter.gauge('saga_stuck', 'Sagas past their deadline or failing again and again', () => rows('stuck'));

  async function count(database: Database): Promise<void> {
    const found = await database.query<{ name: string; step: string; open: number; stuck: number }>(
      COUNT_OPEN,
      [STUCK_ATTEMPTS],
    );
    for (const [key, entry] of counts) if (entry.labels.region === database.region) counts.delete(key);
    for (const { name, step, open, stuck } of found) {
      counts.set(`${database.region} ${name} ${step}`, {
        labels: { region: database.region, saga: name, step },
        open,
        stuck,
      });
    }
    if (found.some(({ stuck }) => stuck > 0)) {
      log.warn('sagas are stuck', { region: database.region, sagas: await stuckSagas(database, 10) });
    }
    await database.query(PRUNE, [options.keepMs ?? 7 * 86_400_000, 1_000]);
  }

  let running: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    running = running.then(async () => {
      for (const database of databases) {
        await count(database).catch((error: unknown) => log.warn('sagas not counted', errorFields(error)));
      }
    });
  }, options.everyMs ?? 15_000);
  timer.unref();
  return {
    name: 'saga-watch',
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}
