import { errorFields, type Log } from '../log/index.ts';
import type { Database } from '../stores/index.ts';
import type { SagaRow } from './port.ts';
import { CLAIM_DUE } from './statements.ts';

interface SweepOptions<State, Signal> {
  readonly databases: readonly Database[];
  readonly owner: string;
  readonly leaseMs: number;
  readonly everyMs: number;
  /** How many more may be taken now. */
  readonly room: () => number;
  readonly take: (database: Database, row: SagaRow<State, Signal>) => void;
  readonly random: () => number;
  readonly log: Log;
}

const MAX_BATCH = 16;

/** Looks for sagas whose runner died, whose pause is over or whose time has come, in every database by itself. */
export function startSweeps<State, Signal>(options: SweepOptions<State, Signal>) {
  const { owner, leaseMs, everyMs, log } = options;
  const timers = new Map<Database, NodeJS.Timeout>();
  const running = new Map<Database, Promise<void>>();
  let stopped = true;

  async function sweep(database: Database): Promise<number> {
    const batch = Math.min(MAX_BATCH, options.room());
    if (batch <= 0) return 0;
    const rows = await database.query<SagaRow<State, Signal>>(
      CLAIM_DUE,
      [owner, leaseMs, batch],
      'saga-claim-due',
    );
    for (const row of rows) options.take(database, row);
    return rows.length;
  }

  /** A little more or less than the interval, so that instances that started together do not look together. */
  function later(database: Database, ms: number): void {
    if (stopped) return;
    const timer = setTimeout(
      () => running.set(database, look(database)),
      ms * (0.8 + options.random() * 0.4),
    );
    timer.unref();
    timers.set(database, timer);
  }

  async function look(database: Database): Promise<void> {
    try {
      const taken = await sweep(database);
      later(database, taken === MAX_BATCH ? everyMs / 20 : everyMs);
    } catch (error) {
      log.warn('saga sweep failed', { region: database.region, ...errorFields(error) });
      later(database, everyMs * 5);
    }
  }

  return {
    start(): void {
      stopped = false;
      for (const database of options.databases) later(database, everyMs);
    },
    async stop(): Promise<void> {
      stopped = true;
      for (const timer of timers.values()) clearTimeout(timer);
      await Promise.all(running.values());
    },
  };
}
