import { errorFields } from '@aisle/platform/log';
import type { Platform } from '@aisle/platform/service';
import type { Ports } from './index.ts';

const EVERY_MS = 10 * 60_000;

/** Removes quotes that nobody ordered on, so that looking at carts does not fill the database. */
export function sweepQuotes(ports: Ports, { clock, log }: Platform): { name: string; stop(): Promise<void> } {
  let running = Promise.resolve();
  const timer = setInterval(() => {
    running = running
      .then(() => ports.quotes.sweep(clock.now()))
      .then((deleted) => log.debug('old quotes deleted', { deleted }))
      .catch((error: unknown) => log.warn('old quotes were not deleted', errorFields(error)));
  }, EVERY_MS);
  timer.unref();
  return {
    name: 'quote sweeper',
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}
