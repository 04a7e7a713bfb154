import type { Region } from '@aisle/platform/identity';
import { REGIONS } from '@aisle/platform/identity';
import type { Log } from '@aisle/platform/log';
import type { Database, Databases } from '@aisle/platform/stores';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { follow } from './follow.ts';
import type { Progress, Step } from './index.ts';
import { horizon, stepsOfOrders } from './steps.ts';
import { Tailer } from './tailer.ts';

const CHANNEL = 'orders_progress';
/** How long wake-ups for other processes are gathered before one NOTIFY is sent for them, milliseconds. */
const COALESCE_MS = 50;

export interface ProgressHub extends Progress {
  /** After a commit that stored steps: wakes the readers here, and those of other processes. */
  wake(database: Database): void;
  stop(): Promise<void>;
}

/** The steps of orders in the regional databases, told live. */
export function createProgress(databases: Pick<Databases, 'of'>, log: Log): ProgressHub {
  const tailers = new Map<Region | 'global', Tailer>(
    REGIONS.map((region) => [region, new Tailer(databases.of(region), region, CHANNEL, log)]),
  );
  const notifying = new Map<Database['region'], NodeJS.Timeout>();

  /**
   * NOTIFY locks the cluster's queue until its transaction is through, so it must not be in a transaction that waits
   * for the disk: it follows the commit, once for all of a short while, in one that has nothing to write.
   */
  function notify(database: Database): void {
    if (notifying.has(database.region)) return;
    const timer = setTimeout(() => {
      notifying.delete(database.region);
      database.query(`SET LOCAL synchronous_commit = off; NOTIFY ${CHANNEL}`).catch(() => {});
    }, COALESCE_MS);
    timer.unref();
    notifying.set(database.region, timer);
  }

  return {
    wake(database) {
      tailers.get(database.region)?.wake();
      notify(database);
    },
    async of(region, orderIds) {
      const steps = await stepsOfOrders(databases.of(region), region, orderIds);
      return Map.groupBy(steps, ({ orderId }: Step) => orderId);
    },
    follow: (filter) => follow(databases.of(filter.region), tailers.get(filter.region)!, filter),
    now: async (region) => encodeCursor(region, await horizon(databases.of(region))),
    isCursor: (region, text) => decodeCursor(region, text) !== undefined,
    async stop() {
      for (const timer of notifying.values()) clearTimeout(timer);
      await Promise.all([...tailers.values()].map((tailer) => tailer.stop()));
    },
  };
}
