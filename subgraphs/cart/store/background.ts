import { REGIONS, type Region } from '@aisle/platform/identity';
import { startLoop } from '@aisle/platform/loop';
import type { Platform } from '@aisle/platform/service';
import type { Config } from '../config.ts';
import { cartAbandoned } from '../events/published.ts';
import type { Ports } from './index.ts';

const SWEEP_MS = 60_000;
const BATCH = 100;

/** Relays events and tells of carts that were left behind. */
export function startBackground(
  ports: Ports,
  platform: Platform,
  config: Config,
): { readonly name: string; stop(): Promise<void> }[] {
  const { bus, log, meter } = platform;
  return [
    ports.outbox.relay({ bus, log, meter }),
    startLoop({
      name: 'abandoned carts',
      everyMs: SWEEP_MS,
      log,
      work: async () => (await sweepAbandoned(ports, platform, config)) >= BATCH,
    }),
  ];
}

/** One bounded round over the regions: the mark and the event commit together. @returns carts told of */
export async function sweepAbandoned(
  ports: Pick<Ports, 'books' | 'outbox'>,
  platform: Pick<Platform, 'clock' | 'databases'>,
  config: Config,
): Promise<number> {
  const now = platform.clock.now();
  const before = new Date(now - config.abandonedAfterMs);
  const sweepRegion = (region: Region) =>
    platform
      .databases()
      .of(region)
      .transaction(async (tx) => {
        const left = await ports.books.takeAbandoned(tx, region, before, BATCH);
        await ports.outbox.append(
          tx,
          left.map((cart) => cartAbandoned(cart, now)),
        );
        return left.length;
      });
  const counts = await Promise.all(REGIONS.map(sweepRegion));
  if (counts.some((count) => count > 0)) ports.outbox.wake();
  return Math.max(...counts);
}
