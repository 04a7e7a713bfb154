import { getHeapStatistics } from 'node:v8';
import { systemClock } from '@aisle/platform/clock';
import { errorFields } from '@aisle/platform/log';
import { createMeter } from '@aisle/platform/telemetry';
import { createAuthenticator } from '../auth/index.ts';
import { createExplorer } from '../explorer/index.ts';
import { DEFAULT_LIMITS, type Limits } from '../limits/index.ts';
import { closeServer, drain } from './drain.ts';
import { createEngineHolder } from './engine-holder.ts';
import { createExecution } from './execution.ts';
import { createGraphqlEndpoint } from './graphql-endpoint.ts';
import { createHealth } from './health.ts';
import { createHttpServer, listen } from './http-server.ts';
import { createRouterMetrics, watchProcess } from './metrics.ts';
import { createFacts } from './operation-facts.ts';
import { createOperations } from './operations.ts';
import type { RouterOptions, RunningRouter, SupergraphSource } from './options.ts';
import { createOrigins } from './origins.ts';
import { createPersisted } from './persisted.ts';
import { readRegistered } from './registered-file.ts';
import { createRequestListener, GRAPHQL_PATH } from './request-listener.ts';
import { createRunner } from './run-operation.ts';
import { StreamEnd } from './streams/event-buffer.ts';
import { createEventStreams } from './streams/event-streams.ts';
import { createSubscriptions } from './streams/subscriptions.ts';
import { serveWebSockets } from './streams/web-sockets.ts';
import { loadEngine } from './supergraph-source.ts';
import { createAdmission } from './traffic/admission.ts';
import { createFlights } from './traffic/flights.ts';
import { memoryBuckets } from './traffic/rate-limit.ts';
import { trafficOf } from './traffic/settings.ts';
import { watchLoad } from './traffic/shedding.ts';
import { createTransports } from './transports.ts';

/**
 * Starts a router.
 * @throws with one clear sentence when the supergraph is none or the port cannot be used; nothing is left running then
 */
export async function startRouter(options: RouterOptions): Promise<RunningRouter> {
  const { log, clock = systemClock, meter = createMeter(), host = '127.0.0.1' } = options;
  const limits: Limits = { ...DEFAULT_LIMITS, ...options.limits };
  const production = options.mode === 'production';
  const now = () => clock.now();
  const metrics = createRouterMetrics(meter);
  let draining: Promise<void> | undefined;
  let stopping: Promise<void> | undefined;
  let source: SupergraphSource = options.supergraph;

  const { deduplicate, rateLimit, shedding } = trafficOf(options.traffic, production);
  const load = watchLoad(getHeapStatistics().heap_size_limit);
  const buckets = options.traffic?.buckets ?? memoryBuckets(now);
  const admission = createAdmission({ load, shedding, buckets, rateLimit, meter });
  const joined = meter.counter(
    'aisle_router_deduplicated_total',
    'Queries that shared the answer of an equal one.',
  );
  const flights = createFlights(() => joined.add());
  const transports = createTransports({ ...options, clock, meter });
  const holder = await createEngineHolder(source, {
    create: (from) => loadEngine(from, { transports, maxTokens: limits.tokens }),
    warm: () => undefined,
  });
  const authenticate = createAuthenticator({ ...options, clock });
  const origins = createOrigins(options.corsOrigins, options.mode);
  const onSurprise = (error: unknown, requestId: string) =>
    log.error('operation failed', { requestId, ...errorFields(error) });
  const { registeredOperations: registered } = options;
  const persisted = createPersisted(
    registered && { registered: await readRegistered(registered.file), safelist: registered.only ?? false },
  );
  const operations = createOperations({
    holder,
    limits,
    production,
    persisted,
    facts: createFacts(shedding?.priorities),
    now,
    onSurprise,
  });
  const subscriptions = createSubscriptions({ operations, limits, metrics, now });
  const eventStreams = createEventStreams({ operations, subscriptions, admission, flights, limits, metrics });
  const execute = createExecution({ operations, metrics, flights, deduplicate, now });
  const run = createRunner({ operations, subscriptions, execute, admission, limits, metrics, production });
  const endpoint = createGraphqlEndpoint({
    authenticate,
    operations,
    run,
    eventStreams,
    origins,
    limits,
    draining: () => draining !== undefined,
    onRefusal: metrics.refused,
  });
  const listener = createRequestListener({
    endpoint,
    health: createHealth({
      meter,
      draining: () => draining !== undefined,
      supergraphId: () => holder.current.id,
    }),
    explorer: production
      ? undefined
      : createExplorer({ demoLogins: options.demoLogins ?? [], samples: options.samples ?? [] }),
    origins,
    limits,
    draining: () => draining !== undefined,
  });
  const server = createHttpServer(listener.listen, limits);
  const port = await listen(server, options.port, host).catch(async (error: unknown) => {
    await holder.close();
    throw error;
  });
  const sockets = serveWebSockets({
    server,
    path: GRAPHQL_PATH,
    origins,
    limits,
    metrics,
    log,
    now,
    authenticate,
    operations,
    subscriptions,
    admission,
    flights,
    draining: () => draining !== undefined,
  });
  const watch = watchProcess(meter);

  const router: RunningRouter = {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}${GRAPHQL_PATH}`,
    port,
    meter,
    async reload(next = source) {
      try {
        await holder.replace(next);
        source = next;
        metrics.reload('ok');
      } catch (error) {
        metrics.reload('failed');
        log.error('supergraph refused, the present one stays', errorFields(error));
        throw error;
      }
    },
    drain() {
      draining ??= drain({
        running: () => listener.running() + metrics.open.operations,
        endStreams: () => {
          sockets.endAll();
          subscriptions.endAll(new StreamEnd('SHUTTING_DOWN', 'This router is shutting down.'));
          eventStreams.endAll();
        },
        most: limits.timeout,
      });
      return draining;
    },
    stop() {
      stopping ??= (async () => {
        await router.drain();
        watch.stop();
        load.stop();
        await sockets.close();
        await closeServer(server);
        await holder.close();
      })();
      return stopping;
    },
  };
  return router;
}
