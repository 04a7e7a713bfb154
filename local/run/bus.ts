import { type Bus, openSnsSqsBus, type Topology, topologyOf } from '@aisle/platform/bus';
import type { Env } from '@aisle/platform/config';
import type { Log } from '@aisle/platform/log';
import type { Meter } from '@aisle/platform/telemetry';
import { CACHE_CONSUMER, CACHE_EVENTS } from './cache.ts';
import type { Context } from './contexts.ts';

/** Who publishes and who wants what: the contexts, and the router for its cache. */
export function systemTopology(contexts: readonly Context[]): Topology {
  const router = { name: CACHE_CONSUMER, consumes: CACHE_EVENTS };
  return topologyOf([...contexts.map(({ definition }) => definition), router]);
}

/** Connects to SNS/SQS and declares the topics, queues and redrive policies that the contexts' definitions ask for. */
export function openBus(
  contexts: readonly Context[],
  options: { env: Env; log: Log; meter: Meter },
): Promise<Bus> {
  return openSnsSqsBus({ ...options, topology: systemTopology(contexts) });
}
