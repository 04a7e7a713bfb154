import type { Clock } from '@aisle/platform/clock';
import { createBreaker, RejectedError, withDeadline } from '@aisle/platform/resilience';
import type { CacheMetrics } from '../metrics.ts';
import type { CacheStore, Entry, Lookup } from './port.ts';

/** A store that may be away: what cannot be looked up is not there, what cannot be stored is not. */
export interface GuardedStore {
  /** `undefined`: the store is away, and nothing fetched now can be stored. */
  lookup(keys: readonly string[]): Promise<Lookup | undefined>;
  /** Returns at once. */
  store(entries: readonly Entry[]): void;
  /** @throws when the store did not take it: what was to be outdated may still be served. */
  outdate(labels: readonly string[]): Promise<void>;
  /** Resolves when everything given to `store` is there, or never will be. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

export interface GuardOptions {
  readonly clock: Clock;
  readonly metrics: CacheMetrics;
  /** Milliseconds one operation may take; read at each. */
  readonly timeout: () => number;
}

/** Failures in a row after which the store is left alone for a while. */
const FAILURES = 5;
const OPEN_MS = 2_000;
/** Writes under way; what comes beyond is not stored. */
const MOST_WRITES = 256;
/** Outdating is worth waiting for. */
const OUTDATE_MS = 2_000;

export function guardStore(store: CacheStore, { clock, metrics, timeout }: GuardOptions): GuardedStore {
  const breaker = createBreaker('cache', { failures: FAILURES, openMs: OPEN_MS }, clock);
  const writing = new Set<Promise<void>>();
  const inTime = <T>(work: () => Promise<T>, ms: number): Promise<T> =>
    withDeadline(work, { deadline: clock.now() + ms, name: 'cache', clock });

  async function attempt<T>(what: 'lookup' | 'store', work: () => Promise<T>): Promise<T | undefined> {
    let settle: ReturnType<typeof breaker.enter>;
    try {
      settle = breaker.enter();
    } catch (error) {
      if (!(error instanceof RejectedError)) throw error;
      metrics.away('rejected');
      return undefined;
    }
    try {
      const result = await inTime(work, timeout());
      settle('success');
      return result;
    } catch {
      settle('failure');
      metrics.away(what);
      return undefined;
    }
  }

  return {
    lookup: (keys) => attempt('lookup', () => store.lookup(keys)),
    store(entries) {
      if (entries.length === 0) return;
      if (writing.size >= MOST_WRITES) return metrics.away('store');
      const write = attempt('store', () => store.store(entries)).then(() => {
        writing.delete(write);
      });
      writing.add(write);
    },
    async outdate(labels) {
      try {
        await inTime(() => store.outdate(labels), OUTDATE_MS);
      } catch (error) {
        metrics.away('outdate');
        throw error;
      }
    },
    async settled() {
      await Promise.all(writing);
    },
    async close() {
      await Promise.all(writing);
      await store.close();
    },
  };
}
