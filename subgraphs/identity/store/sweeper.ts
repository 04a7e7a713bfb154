import { errorFields } from '@aisle/platform/log';
import type { Platform } from '@aisle/platform/service';
import type { Ports } from './index.ts';

const HOUR = 3_600_000;
/** Ended sessions are kept so long (milliseconds), so that a late use of a stolen token is still noticed. */
const KEEP_MS = 7 * 24 * HOUR;
const BATCH = 2_000;
const MAX_ROUNDS = 50;

/** Deletes old sessions with their tokens every hour, in batches that hold no lock for long. */
export function startSweeper(
  ports: Ports,
  { clock, log }: Platform,
): { name: string; stop(): Promise<void> } {
  let running: Promise<unknown> = Promise.resolve();
  let stopped = false;
  const sweep = async () => {
    const before = new Date(clock.now() - KEEP_MS);
    for (let round = 0; round < MAX_ROUNDS && !stopped; round++)
      if ((await ports.sessions.sweep(before, BATCH)) === 0) return;
  };
  const timer = setInterval(() => {
    running = sweep().catch((error: unknown) => log.warn('sessions were not swept', errorFields(error)));
  }, HOUR);
  timer.unref();
  return {
    name: 'session sweeper',
    async stop() {
      stopped = true;
      clearInterval(timer);
      await running;
    },
  };
}
