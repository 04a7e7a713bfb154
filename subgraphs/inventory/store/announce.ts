import type { Bus } from '@aisle/platform/bus';
import type { Redis } from '@aisle/platform/stores';
import { timeOf } from '@aisle/platform/streams';
import type { Partition } from '../domain/partition.ts';
import { stockUpdated } from '../events/published.ts';
import { skusKey, stateKey } from './keys.ts';
import { levelsOf } from './live.ts';

/** SKUs looked at in one step of a scan, and published together; roughly. */
const STEP = 500;
/** Steps of one round: a loss of Redis becomes a stream of events, not a flood. */
const STEPS = 2;

interface Restored {
  readonly partition: Partition;
  /** Entries of the partition's stream that wait for this. */
  readonly ids: Set<string>;
  cursor: string;
}

/**
 * Tells of every SKU of a partition that was restored: its stock may be another than what was told before the loss.
 * The entries of the stream that say so are finished only when all SKUs have been told of, so a crash begins anew.
 * An event has the id of the movement that made its version: what a movement has told already is known to consumers.
 */
export function createAnnouncer(
  redis: Redis,
  bus: Pick<Bus, 'publish'>,
  finish: (partition: Partition, ids: string[]) => Promise<void>,
) {
  const open = new Map<string, Restored>();

  async function step({ partition, ids, cursor }: Restored): Promise<string> {
    const { cursor: next, members } = await redis.sScan(skusKey(partition), cursor, { COUNT: STEP });
    const states = await Promise.all(members.map((sku) => redis.hGetAll(stateKey(partition, sku))));
    const at = Math.max(...[...ids].map((id) => timeOf({ id })));
    const events = members.flatMap((sku, index) => {
      const version = Number(states[index]!.v ?? 0);
      const levels = levelsOf(states[index]!);
      // Without a version it went since the scan saw it, or never moved.
      return version > 0
        ? [stockUpdated(partition.region, { sku, kind: 'RESYNC', version, levels, low: false }, at)]
        : [];
    });
    if (events.length > 0) await bus.publish('inventory', events);
    return String(next);
  }

  return {
    /** A partition was restored, says an entry of its stream. */
    add(partition: Partition, id: string): void {
      const key = skusKey(partition);
      const known = open.get(key);
      if (known?.ids.has(id)) return;
      // Restored again: what was told since the first time may be wrong too.
      open.set(key, { partition, ids: new Set([...(known?.ids ?? []), id]), cursor: '0' });
    },

    /** One bounded round. */
    async round(): Promise<void> {
      for (let steps = 0; steps < STEPS; steps++) {
        const [entry] = open;
        if (!entry) return;
        const [key, restored] = entry;
        restored.cursor = await step(restored);
        if (restored.cursor !== '0') continue;
        await finish(restored.partition, [...restored.ids]);
        open.delete(key);
      }
    },

    /** Partitions that are not told of yet. */
    waiting: () => open.size,
  };
}
