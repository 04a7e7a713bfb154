import type { Clock } from '@aisle/platform/clock';
import { createBreaker, createBulkhead, createRetryBudget } from '@aisle/platform/resilience';
import type { SUBGRAPH_DEFAULTS, SubgraphSettings } from './subgraph-settings.ts';

type GuardSettings = Pick<
  SubgraphSettings & typeof SUBGRAPH_DEFAULTS,
  'breakerFailures' | 'breakerOpen' | 'concurrency' | 'queue'
>;

/** What is known of a subgraph, and how many of its places are taken. */
export interface Guard {
  readonly breaker: ReturnType<typeof createBreaker> | undefined;
  readonly bulkhead: ReturnType<typeof createBulkhead>;
  readonly budget: ReturnType<typeof createRetryBudget>;
}

/** The guard of a subgraph at an address. */
export type Guards = (name: string, address: string, settings: GuardSettings) => Guard;

/** Remembers the guards over reloads: a breaker that is open stays open, and no place is given twice, as long as address and settings are the same. */
export function createGuards(clock: Clock): Guards {
  const known = new Map<string, { readonly key: string; readonly guard: Guard }>();
  return (name, address, { breakerFailures: failures, breakerOpen: openMs, concurrency: limit, queue }) => {
    const key = JSON.stringify([address, failures, openMs, limit, queue]);
    const last = known.get(name);
    if (last?.key === key) return last.guard;
    const guard: Guard = {
      breaker: failures > 0 ? createBreaker(name, { failures, openMs }, clock) : undefined,
      bulkhead: createBulkhead(name, { limit, queue }, clock),
      budget: createRetryBudget(),
    };
    known.set(name, { key, guard });
    return guard;
  };
}
