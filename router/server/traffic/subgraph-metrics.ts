import type { BreakerState } from '@aisle/platform/resilience';
import type { Meter } from '@aisle/platform/telemetry';

/** RED per subgraph, and the state of what guards it. */
export interface SubgraphMetrics {
  call(subgraph: string, outcome: string, seconds: number): void;
  retried(subgraph: string): void;
  /** A call shared the answer of an equal one. */
  joined(subgraph: string): void;
  /** The guard of a subgraph; after a reload the new one takes the place of the old. To be called when it is not used any more. */
  watch(subgraph: string, guard: Watched): () => void;
}

/** What the metrics tell of a guard. */
interface Watched {
  readonly breaker: { readonly state: BreakerState } | undefined;
  readonly bulkhead: { readonly running: number };
}

const STATE: Readonly<Record<BreakerState, number>> = { closed: 0, 'half-open': 1, open: 2 };

export function createSubgraphMetrics(meter: Meter): SubgraphMetrics {
  const seconds = meter.histogram('aisle_router_subgraph_seconds', 'Time of calls to subgraphs.');
  const calls = meter.counter('aisle_router_subgraph_calls_total', 'Calls to subgraphs, by outcome.');
  const retries = meter.counter('aisle_router_subgraph_retries_total', 'Second tries of calls to subgraphs.');
  const joins = meter.counter(
    'aisle_router_subgraph_deduplicated_total',
    'Calls to subgraphs that shared the answer of an equal one.',
  );
  /** Those in use, by subgraph, the newest last: beside it that of a supergraph whose last operations are running, or of one that will be refused yet. */
  const guards = new Map<string, Watched[]>();
  const rows = (read: (guards: readonly Watched[]) => number) =>
    [...guards].map(([subgraph, some]) => ({ labels: { subgraph }, value: read(some) }));
  meter.gauge('aisle_router_breaker_state', 'Breaker of a subgraph: 0 closed, 1 half-open, 2 open.', () =>
    rows((some) => STATE[some.at(-1)?.breaker?.state ?? 'closed']),
  );
  meter.gauge('aisle_router_subgraph_running', 'Calls to a subgraph running now.', () =>
    rows((some) => [...new Set(some)].reduce((sum, { bulkhead }) => sum + bulkhead.running, 0)),
  );
  return {
    call(subgraph, outcome, took) {
      seconds.record(took, { subgraph });
      calls.add(1, { outcome, subgraph });
    },
    joined: (subgraph) => joins.add(1, { subgraph }),
    retried: (subgraph) => retries.add(1, { subgraph }),
    watch(subgraph, guard) {
      guards.set(subgraph, [...(guards.get(subgraph) ?? []), guard]);
      let isWatched = true;
      return () => {
        if (!isWatched) return;
        isWatched = false;
        const watched = guards.get(subgraph) ?? [];
        // One of two engines that share it is gone.
        const left = watched.toSpliced(watched.indexOf(guard), 1);
        if (left.length > 0) guards.set(subgraph, left);
        else guards.delete(subgraph);
      };
    },
  };
}
