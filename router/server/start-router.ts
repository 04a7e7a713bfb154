import { systemClock } from '@aisle/platform/clock';
import { errorFields } from '@aisle/platform/log';
import { createMeter } from '@aisle/platform/telemetry';
import { composeApart, schemaFilesOf } from '../compose/index.ts';
import { followedEvents } from '../tracing/index.ts';
import { createCallbackRoute } from './callback-endpoint.ts';
import { closeServer, drain } from './drain.ts';
import { createEngineHolder, type EngineMaker } from './engine-holder.ts';
import { createHttpServer, listen } from './http-server.ts';
import { type CompleteSettings, createLiveSettings } from './live-settings.ts';
import { createRouterMetrics, watchProcess } from './metrics.ts';
import type { Operations } from './operations.ts';
import type { RouterOptions, RunningRouter, SupergraphSource } from './options.ts';
import { createPipeline } from './pipeline.ts';
import { GRAPHQL_PATH } from './request-listener.ts';
import { createRouterCache } from './router-cache.ts';
import { StreamEnd } from './streams/event-buffer.ts';
import { serveWebSockets } from './streams/web-sockets.ts';
import { loadEngine } from './supergraph-source.ts';
import { createTransports } from './transports.ts';
import { refuseUnknownSubgraphs, warnOfUnknownNames } from './unknown-names.ts';
import { watchContent } from './watch-file.ts';

/**
 * Starts a router.
 * @throws with one clear sentence when the supergraph is none or the port cannot be used; nothing is left running then
 */
export async function startRouter(options: RouterOptions): Promise<RunningRouter> {
  const { log, clock = systemClock, meter = createMeter(), host = '127.0.0.1' } = options;
  const live = createLiveSettings(options);
  const { limits } = live;
  const metrics = createRouterMetrics(meter);
  const stack: (() => void | Promise<void>)[] = [];
  let source: SupergraphSource = options.supergraph;
  let operations: Operations | undefined;
  let draining: Promise<void> | undefined;
  let isRefusing = false;
  let stopping: Promise<void> | undefined;

  const callback = createCallbackRoute(options.callback, host);
  const transports = createTransports({
    ...options,
    deduplicate: () => live.traffic.deduplicate,
    callback,
    clock,
    meter,
  });
  const aroundEvent = followedEvents();
  const cache = createRouterCache(options, live, { clock, meter });
  stack.push(() => cache.close());
  // From before it is read: what changes meanwhile is noticed.
  const watched =
    options.watch && 'file' in source ? await watchContent(source.file, schemaFilesOf) : undefined;
  const makerUnder = (settings: CompleteSettings): EngineMaker => ({
    create: (from) =>
      loadEngine(from, {
        transports: transports(settings.current),
        maxTokens: settings.limits.tokens,
        policies: options.policies,
        onDenied: options.onDenied,
        ...cache.engineOptions(settings.current),
        aroundEvent,
        onPrepared: metrics.prepared,
        // While nothing is served yet, a thread of its own would only take longer.
        compose: operations && composeApart,
        around: (engine) => cache.around(engine, settings.current),
      }),
    warm: async (next) => operations?.warm(next, settings.limits),
  });
  const holder = await createEngineHolder(source, makerUnder(live)).catch(async (error: unknown) => {
    await cache.close();
    throw error;
  });
  stack.push(() => holder.close());

  const leaving = () => draining !== undefined;
  const refusing = () => isRefusing;
  try {
    refuseUnknownSubgraphs(options, holder.current);
    warnOfUnknownNames(options, holder.current, log);
    const pipeline = await createPipeline({
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
    });
    stack.push(() => pipeline.load.stop());
    operations = pipeline.operations;
    const { listener, subscriptions, eventStreams } = pipeline;
    const server = createHttpServer(listener.listen, limits);
    const port = await listen(server, options.port, host);
    callback.listening(port);
    stack.push(() => closeServer(server));
    const now = () => clock.now();
    const sockets = serveWebSockets({
      ...pipeline,
      server,
      path: GRAPHQL_PATH,
      limits,
      metrics,
      log,
      now,
      draining: refusing,
    });
    stack.push(() => sockets.close());
    const watch = watchProcess(meter);
    stack.push(() => watch.stop());
    stack.push(() => watched?.stop());

    const replace = async (next: SupergraphSource, by?: EngineMaker) => {
      try {
        await holder.replace(next, by);
        source = next;
        metrics.reload('ok');
        log.info('supergraph reloaded', { supergraph: holder.current.id });
        warnOfUnknownNames(live.current, holder.current, log);
      } catch (error) {
        metrics.reload('failed');
        log.error('supergraph refused, the present one stays', errorFields(error));
        throw error;
      }
    };
    const router: RunningRouter = {
      url: `http://${host.includes(':') ? `[${host}]` : host}:${port}${GRAPHQL_PATH}`,
      port,
      meter,
      reload: (next = source) => replace(next),
      async reconfigure(settings) {
        const next = live.complete(settings);
        await replace(source, { ...makerUnder(next), wentLive: () => live.change(next) });
      },
      invalidate: cache.invalidate,
      drain() {
        draining ??= drain({
          delay: options.drainDelay ?? 0,
          refuse: () => {
            isRefusing = true;
          },
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
        stopping ??= router.drain().then(() => unwind(stack));
        return stopping;
      },
    };
    watched?.follow(() => void router.reload().catch(() => undefined));
    return router;
  } catch (error) {
    await unwind(stack);
    throw error;
  }
}

/** Last opened, first closed. */
async function unwind(stack: (() => void | Promise<void>)[]): Promise<void> {
  for (let close = stack.pop(); close; close = stack.pop()) await close();
}
