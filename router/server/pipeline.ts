import { getHeapStatistics } from 'node:v8';
import type { Clock } from '@aisle/platform/clock';
import { errorFields } from '@aisle/platform/log';
import { activeSpan, type Meter } from '@aisle/platform/telemetry';
import { createAuthenticator } from '../auth/index.ts';
import { createExplorer } from '../explorer/index.ts';
import { tracedOperations } from '../tracing/index.ts';
import type { CallbackRoute } from './callback-endpoint.ts';
import type { EngineHolder } from './engine-holder.ts';
import { createExecution } from './execution.ts';
import { createGraphqlEndpoint } from './graphql-endpoint.ts';
import { createHealth } from './health.ts';
import { createInvalidationEndpoint } from './invalidation-endpoint.ts';
import type { LiveSettings } from './live-settings.ts';
import type { RouterMetrics } from './metrics.ts';
import { createFacts } from './operation-facts.ts';
import { createOperations } from './operations.ts';
import type { RouterOptions } from './options.ts';
import { createOrigins } from './origins.ts';
import { createPersisted } from './persisted.ts';
import { readRegistered } from './registered-file.ts';
import { createReport } from './report.ts';
import { createRequestListener } from './request-listener.ts';
import type { RouterCache } from './router-cache.ts';
import { createRunner } from './run-operation.ts';
import { createEventStreams } from './streams/event-streams.ts';
import { createSubscriptions } from './streams/subscriptions.ts';
import { createAdmission } from './traffic/admission.ts';
import { createFlights } from './traffic/flights.ts';
import { memoryBuckets } from './traffic/rate-limit.ts';
import { watchLoad } from './traffic/shedding.ts';

export interface PipelineOptions {
  readonly options: RouterOptions;
  readonly live: LiveSettings;
  readonly holder: EngineHolder;
  readonly cache: RouterCache;
  readonly metrics: RouterMetrics;
  readonly meter: Meter;
  readonly clock: Clock;
  readonly callback: CallbackRoute;
  /** True once it says that it is going. */
  readonly leaving: () => boolean;
  /** True once it takes no new work. */
  readonly refusing: () => boolean;
}

/** Everything between a connection and the engine, put together. @throws when the registered operations cannot be read */
export async function createPipeline({
  options,
  live,
  holder,
  cache,
  metrics,
  meter,
  clock,
  callback,
  leaving,
  refusing,
}: PipelineOptions) {
  const { log, mode, registeredOperations: registered } = options;
  const { limits } = live;
  const production = mode === 'production';
  const now = () => clock.now();

  const known = registered && (await readRegistered(registered.file, limits.tokens));
  metrics.reserve(known?.names ?? []);
  const persisted = createPersisted(known && { registered: known, safelist: registered?.only ?? false });
  const prepared = createOperations({
    holder,
    limits,
    production,
    persisted,
    facts: createFacts(() => live.traffic.shedding?.priorities),
    now,
    report: createReport(metrics, log),
    onSurprise: (error, requestId) => log.error('operation failed', { requestId, ...errorFields(error) }),
  });
  const operations = tracedOperations(prepared);
  const load = watchLoad(getHeapStatistics().heap_size_limit);
  const buckets = options.traffic?.buckets ?? memoryBuckets(now);
  const admission = createAdmission({ load, settings: () => live.traffic, buckets, meter });
  const joined = meter.counter(
    'aisle_router_deduplicated_total',
    'Queries that shared the answer of an equal one.',
  );
  const flights = createFlights(() => {
    joined.add();
    activeSpan()?.set({ 'aisle.operation.deduplicated': true });
  });
  const authenticate = createAuthenticator({ ...options, clock });
  const origins = createOrigins(() => live.current.corsOrigins, mode);
  const subscriptions = createSubscriptions({
    operations,
    holder,
    limits,
    metrics,
    now,
    isRevoked: authenticate.isRevoked,
    deduplicate: () => live.traffic.deduplicate,
    sharedFields: () => live.traffic.sharedSubscriptions,
    startCursors: () => live.traffic.startCursors,
  });
  const eventStreams = createEventStreams({ operations, subscriptions, admission, flights, limits, metrics });
  const execute = createExecution({
    operations,
    metrics,
    flights,
    deduplicate: () => live.traffic.deduplicate,
    caching: () => cache.isOn(),
    now,
  });
  const run = createRunner({
    operations,
    subscriptions,
    execute,
    admission,
    flights,
    limits,
    metrics,
    production,
  });
  const onRefusal = metrics.refused;
  const listener = createRequestListener({
    endpoint: createGraphqlEndpoint({
      authenticate,
      operations,
      run,
      eventStreams,
      origins,
      limits,
      draining: refusing,
      onRefusal,
    }),
    callback,
    invalidation: createInvalidationEndpoint(options.invalidationKey, cache.invalidate),
    health: createHealth({ meter, draining: leaving, supergraphId: () => holder.current.id }),
    explorer: production
      ? undefined
      : createExplorer({ demoLogins: options.demoLogins ?? [], samples: options.samples ?? [] }),
    origins,
    limits,
    draining: leaving,
  });
  return {
    listener,
    operations,
    subscriptions,
    eventStreams,
    admission,
    flights,
    authenticate,
    origins,
    load,
  };
}
