import { startLoop } from '@aisle/platform/loop';
import type { Platform } from '@aisle/platform/service';
import type { Ports } from './index.ts';
import { reconcile, sweep } from './reconcile.ts';
import { createRelay } from './relay.ts';

const SWEEP_MS = 1_000;
const RECONCILE_MS = 5_000;
const RELAY_MS = 1_000;
const VERIFY_MS = 10 * 60_000;

/** Ends holds whose time is up, heals what a crash left half done, and publishes the movements. */
export function startBackground(
  ports: Ports,
  { bus, log, meter }: Platform,
): { readonly name: string; stop(): Promise<void> }[] {
  const expired = meter.counter('inventory_holds_expired_total', 'Holds ended because their time was up');
  const healed = meter.counter(
    'inventory_movements_healed_total',
    'Prepared movements ended by the reconciler',
  );
  const published = meter.counter('inventory_movements_published_total', 'Movements told to the bus');
  const relay = createRelay(ports.live.redis, bus);
  let isFirst = true;
  return [
    startLoop({
      name: 'stock sweeper',
      everyMs: SWEEP_MS,
      log,
      work: async () => {
        const ended = await sweep(ports.live);
        expired.add(ended);
        return ended > 0;
      },
    }),
    startLoop({
      name: 'stock reconciler',
      everyMs: RECONCILE_MS,
      log,
      work: async () => healed.add(await reconcile(ports)),
    }),
    startLoop({
      name: 'stock comparison',
      everyMs: VERIFY_MS,
      log,
      work: async () => {
        // It was compared at start.
        if (!isFirst) await ports.verify();
        isFirst = false;
      },
    }),
    startLoop({
      name: 'stock relay',
      everyMs: RELAY_MS,
      log,
      work: async () => published.add(await relay.flush()),
    }),
  ];
}
