import type { Clock } from '../clock/index.ts';
import { unavailable } from '../errors/index.ts';
import { errorFields, type Log } from '../log/index.ts';
import { within } from '../resilience/index.ts';
import type { Meter } from '../telemetry/index.ts';
import { createLru } from './lru.ts';

export interface CacheOptions<V> {
  /** Lower-case words with underscores: part of the metric's name. */
  readonly name: string;
  /** How long a value is fresh, milliseconds. */
  readonly ttlMs: number;
  /** How long after that it is still served while a new one is fetched, milliseconds. @default `ttlMs` */
  readonly staleMs?: number;
  /** How long "there is none" is believed, milliseconds. @default 5 000 */
  readonly absentMs?: number;
  readonly maxEntries: number;
  /** Fetches many at once; keys that are missing in the answer do not exist. */
  readonly load: (keys: readonly string[]) => Promise<ReadonlyMap<string, V>>;
  /** Most keys in one `load`. @default 100 */
  readonly maxBatch?: number;
  /** Longest a load may take, milliseconds. @default 5 000 */
  readonly loadTimeoutMs?: number;
  readonly clock: Clock;
  readonly log?: Log;
  readonly meter?: Meter;
}

export interface CacheStats {
  readonly hits: number;
  /** Hits that were past their time to live and started a refresh. */
  readonly stale: number;
  readonly misses: number;
  readonly loads: number;
  readonly failures: number;
  readonly entries: number;
}

/**
 * A bounded in-process cache in front of a slow source: least recently used goes first, one load per key at a time,
 * stale values are served while they are refreshed, and an invalidation also outdates loads that are under way.
 */
export interface Cache<V> {
  /** The value without waiting; `null` when known not to exist; `undefined` when it must be fetched. */
  peek(key: string): V | null | undefined;
  get(key: string): Promise<V | null>;
  /** In the order of the keys; those not cached are fetched together. */
  getMany(keys: readonly string[]): Promise<(V | null)[]>;
  /** Stores a value that was read anyhow, so that no load is needed. */
  put(key: string, value: V): void;
  invalidate(key: string): void;
  clear(): void;
  stats(): CacheStats;
}

interface Entry<V> {
  readonly value: V | null;
  freshUntil: number;
  readonly deadAt: number;
}

const MAX_BATCH = 100;

export function createCache<V>(options: CacheOptions<V>): Cache<V> {
  const { ttlMs, clock, load } = options;
  const staleMs = options.staleMs ?? ttlMs;
  const absentMs = options.absentMs ?? 5_000;
  const loadTimeoutMs = options.loadTimeoutMs ?? 5_000;
  const maxBatch = options.maxBatch ?? MAX_BATCH;
  const entries = createLru<Entry<V>>(options.maxEntries);
  // What does not exist is kept apart, so that a stranger who asks for nonsense cannot push out what does.
  const absent = createLru<Entry<V>>(Math.max(1, options.maxEntries >> 3));
  const loading = new Map<string, Promise<V | null>>();
  const refreshing = new Set<string>();
  const counts = { hits: 0, stale: 0, misses: 0, loads: 0, failures: 0 };

  const store = (key: string, value: V | null) => {
    const now = clock.now();
    if (value === null) {
      entries.delete(key);
      absent.set(key, { value, freshUntil: now + absentMs, deadAt: now + absentMs });
    } else {
      absent.delete(key);
      entries.set(key, { value, freshUntil: now + ttlMs, deadAt: now + ttlMs + staleMs });
    }
  };

  /** One call of `load`; each key's promise is known to `loading` until it settles. */
  const start = (keys: readonly string[]): Promise<V | null>[] => {
    counts.loads++;
    const batch = within(loadTimeoutMs, load(keys), () =>
      unavailable(`The source of ${options.name} gave no answer within ${loadTimeoutMs} ms. Try again.`),
    );
    return keys.map((key) => {
      const one: Promise<V | null> = batch.then(
        (found) => {
          const value = found.get(key) ?? null;
          // An invalidation took it out of `loading`: what was read may be older than the change.
          if (loading.get(key) === one) {
            loading.delete(key);
            store(key, value);
          }
          return value;
        },
        (error: unknown) => {
          if (loading.get(key) === one) loading.delete(key);
          throw error;
        },
      );
      loading.set(key, one);
      return one;
    });
  };

  const startAll = (keys: readonly string[]): Promise<V | null>[] => {
    const promises: Promise<V | null>[] = [];
    for (let from = 0; from < keys.length; from += maxBatch)
      promises.push(...start(keys.slice(from, from + maxBatch)));
    return promises;
  };

  const refreshSoon = (key: string, entry: Entry<V>) => {
    if (refreshing.has(key) || loading.has(key)) return;
    // If the source is down, the next try waits a little instead of coming with every hit.
    entry.freshUntil = Math.min(clock.now() + 1_000, entry.deadAt);
    refreshing.add(key);
    if (refreshing.size > 1) return;
    setImmediate(() => {
      const keys = [...refreshing].filter((candidate) => !loading.has(candidate));
      refreshing.clear();
      for (const promise of startAll(keys)) {
        promise.catch((error: unknown) => {
          counts.failures++;
          options.log?.warn('cache refresh failed', { cache: options.name, ...errorFields(error) });
        });
      }
    });
  };

  const peek = (key: string): V | null | undefined => {
    const entry = entries.get(key) ?? absent.get(key);
    if (!entry) return undefined;
    const now = clock.now();
    if (now < entry.freshUntil) {
      counts.hits++;
      return entry.value;
    }
    if (now >= entry.deadAt) return undefined;
    counts.hits++;
    counts.stale++;
    refreshSoon(key, entry);
    return entry.value;
  };

  const getMany = async (keys: readonly string[]): Promise<(V | null)[]> => {
    const results = new Array<V | null | Promise<V | null>>(keys.length);
    const missing = new Map<string, number[]>();
    keys.forEach((key, index) => {
      const hit = peek(key);
      if (hit !== undefined) {
        results[index] = hit;
        return;
      }
      counts.misses++;
      const underWay = loading.get(key);
      if (underWay) results[index] = underWay;
      else missing.set(key, [...(missing.get(key) ?? []), index]);
    });
    if (missing.size > 0) {
      const unknown = [...missing.keys()];
      startAll(unknown).forEach((promise, i) => {
        for (const index of missing.get(unknown[i]!)!) results[index] = promise;
      });
    }
    return Promise.all(results);
  };

  options.meter?.gauge(`cache_${options.name}`, `Requests and entries of the ${options.name} cache`, () =>
    Object.entries({ ...counts, entries: entries.size }).map(([outcome, value]) => ({
      labels: { outcome },
      value,
    })),
  );

  return {
    peek,
    get: async (key) => (await getMany([key]))[0] ?? null,
    getMany,
    put: (key, value) => {
      loading.delete(key);
      store(key, value);
    },
    invalidate(key) {
      entries.delete(key);
      absent.delete(key);
      loading.delete(key);
    },
    clear() {
      entries.clear();
      absent.clear();
      loading.clear();
    },
    stats: () => ({ ...counts, entries: entries.size }),
  };
}
