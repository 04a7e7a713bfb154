import type { Meter } from '@aisle/platform/telemetry';

/** What became of one answer that was looked for. `stale`: served while it is fetched anew; `stale-error`: served because it could not be. */
export type CacheOutcome = 'hit' | 'miss' | 'outdated' | 'stale' | 'stale-error' | 'joined' | 'bypassed';

export interface CacheMetrics {
  asked(subgraph: string, outcome: CacheOutcome, count?: number): void;
  stored(subgraph: string, count: number): void;
  invalidated(source: string, count: number): void;
  /** The store did not do what it was asked, or was not asked because it keeps failing. */
  away(what: 'lookup' | 'store' | 'outdate' | 'rejected'): void;
}

export function createCacheMetrics(meter: Meter): CacheMetrics {
  const asked = meter.counter(
    'aisle_router_cache_total',
    'Answers looked for in the cache, by subgraph and outcome.',
  );
  const stored = meter.counter('aisle_router_cache_stored_total', 'Answers put into the cache, by subgraph.');
  const invalidations = meter.counter(
    'aisle_router_cache_invalidations_total',
    'Invalidations taken, by source.',
  );
  const errors = meter.counter(
    'aisle_router_cache_errors_total',
    'What the store of the cache failed to do.',
  );
  return {
    asked: (subgraph, outcome, count = 1) => {
      if (count > 0) asked.add(count, { outcome, subgraph });
    },
    stored: (subgraph, count) => {
      if (count > 0) stored.add(count, { subgraph });
    },
    invalidated: (source, count) => invalidations.add(count, { source }),
    away: (what) => errors.add(1, { what }),
  };
}
