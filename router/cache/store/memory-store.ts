import { createLru } from '@aisle/platform/cache';
import type { CacheStore, Entry } from './port.ts';

export interface MemoryStoreOptions {
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** @default 10000 */
  readonly maxEntries?: number;
}

/** A store of this process alone, bounded: for tests, and for a router that has no Redis and needs no second one. */
export function memoryStore({ now, maxEntries = 10_000 }: MemoryStoreOptions): CacheStore {
  const entries = createLru<Entry & { readonly until: number }>(maxEntries);
  const outdated = new Map<string, number>();
  let clock = 0;
  /** Labels older than this are forgotten, and with them every entry that began before. */
  let horizon = 0;

  const isOutdated = ({ labels, began }: Entry) =>
    Number(began) < horizon || labels.some((label) => (outdated.get(label) ?? -1) > Number(began));

  return {
    async lookup(keys) {
      const found = keys.map((key) => {
        const entry = entries.get(key);
        if (!entry || entry.until <= now()) return undefined;
        return isOutdated(entry) ? 'outdated' : entry;
      });
      return { found, now: String(clock) };
    },
    async store(fresh) {
      for (const entry of fresh) entries.set(entry.key, { ...entry, until: now() + entry.ttl });
    },
    async outdate(labels) {
      clock++;
      for (const label of labels) {
        outdated.delete(label);
        outdated.set(label, clock);
      }
      for (const [label, at] of outdated) {
        if (outdated.size <= maxEntries) break;
        outdated.delete(label);
        horizon = at;
      }
    },
    async close() {},
  };
}
