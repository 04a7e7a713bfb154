import { errorFields } from '@aisle/platform/log';
import type { Platform } from '@aisle/platform/service';
import type { Ports } from './index.ts';

const HOUR = 3_600_000;
/** Ended sessions are kept so long (milliseconds), so that a late use of a stolen token is still noticed. */
const KEEP_MS = 7 * 24 * HOUR;
const BATCH = 1_000;

/** Deletes old sessions with their tokens, a batch an hour and region. */
export function startSweeper(
  ports: Ports,
  { clock, log }: Platform,
): { name: string; stop(): Promise<void> } {
  let running: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => {
    const swept = ports.sessions.sweep(new Date(clock.now() - KEEP_MS), BATCH);
    running = swept.catch((error: unknown) => log.warn('sessions were not swept', errorFields(error)));
  }, HOUR);
  timer.unref();
  return {
    name: 'session sweeper',
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}
