import type { Clock } from '@aisle/platform/clock';
import type { Meter } from '@aisle/platform/telemetry';
import type { CachedSupergraph, FetchCaching } from '../engine/fetch-cache.ts';
import { createCaching } from './create-caching.ts';
import { createFlights } from './fetch/flights.ts';
import { createCacheMetrics } from './metrics.ts';
import { labelOf, labelsOfTag } from './rules/labels.ts';
import { type CacheRules, cacheRulesOf } from './rules/rules.ts';
import { CACHE_DEFAULTS, type CacheSettings } from './settings.ts';
import { guardStore } from './store/guarded-store.ts';
import type { CacheStore } from './store/port.ts';

/** What is not to be served any more. Everything that is given is for these subgraphs, or for all. */
export type Invalidation =
  | { readonly kind: 'tags'; readonly tags: readonly string[]; readonly subgraphs?: readonly string[] }
  | { readonly kind: 'subgraph'; readonly subgraph: string }
  | { readonly kind: 'type'; readonly subgraph: string; readonly type: string };

/** The cache of subgraph answers, for one engine after the other. */
export interface ResponseCache {
  /** For `createEngine`. @throws Error naming a `@cacheTag` that cannot be understood */
  caching(supergraph: CachedSupergraph, settings?: CacheSettings): FetchCaching;
  /**
   * Nothing fetched before this resolves is served afterwards. `source` is counted.
   * @throws when the store did not take it: do it again
   */
  invalidate(invalidations: readonly Invalidation[], source: string): Promise<void>;
  /** Resolves when every answer given so far is stored, or never will be. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

export interface ResponseCacheOptions {
  readonly store: CacheStore;
  /** Read when a supergraph is loaded without settings of its own; the time-out at each use of the store. */
  readonly settings: () => CacheSettings;
  readonly clock: Clock;
  readonly meter: Meter;
}

/** Supergraphs whose tags are known. */
const MOST_LOADED = 4;

export function createResponseCache({ store, settings, clock, meter }: ResponseCacheOptions): ResponseCache {
  const metrics = createCacheMetrics(meter);
  const timeout = () => settings().timeout ?? CACHE_DEFAULTS.timeout;
  const guarded = guardStore(store, { clock, metrics, timeout });
  const flights = createFlights();
  const now = () => clock.now();
  /** Of the supergraphs loaded last: one that is being replaced, or was refused in the end, may not be the one that is served. */
  let loaded: readonly CacheRules[] = [];

  const labelsOf = (invalidation: Invalidation): string[] => {
    switch (invalidation.kind) {
      case 'subgraph':
        return [labelOf.subgraph(invalidation.subgraph)];
      case 'type':
        return [labelOf.type(invalidation.subgraph, invalidation.type)];
      case 'tags':
        return invalidation.tags.flatMap((tag) =>
          loaded.flatMap((rules) => labelsOfTag(rules, tag, invalidation.subgraphs)),
        );
    }
  };

  return {
    caching(supergraph, own = settings()) {
      const rules = cacheRulesOf(supergraph.sdl);
      loaded = [rules, ...loaded].slice(0, MOST_LOADED);
      return createCaching(supergraph, {
        rules,
        settings: own,
        store: guarded,
        flights,
        metrics,
        now,
      });
    },
    async invalidate(invalidations, source) {
      const labels = new Set(invalidations.flatMap(labelsOf));
      if (labels.size > 0) await guarded.outdate([...labels]);
      metrics.invalidated(source, invalidations.length);
    },
    settled: () => guarded.settled(),
    close: () => guarded.close(),
  };
}
