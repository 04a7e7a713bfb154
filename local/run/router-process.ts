// The router of the distributed mode as a process: node router-process.ts PORT
import { openSnsSqsBus, type Topology } from '@aisle/platform/bus';
import { systemClock } from '@aisle/platform/clock';
import { createLog } from '@aisle/platform/log';
import { httpTransport } from '@aisle/platform/service';
import { createMeter, startTracing } from '@aisle/platform/telemetry';
import { invalidateByEvents } from './cache.ts';
import { commandsOf } from './commands.ts';
import { listContexts } from './contexts.ts';
import { runProcess } from './process.ts';
import { startAisleRouter } from './router.ts';
import { subgraphUrls } from './urls.ts';

await runProcess(async (asked) => {
  const env = process.env;
  const log = createLog('router', { level: env.LOG_LEVEL ?? 'info' });
  const envelopeKey = env.AISLE_ENVELOPE_KEY;
  if (!envelopeKey) throw new Error('The router needs AISLE_ENVELOPE_KEY.');
  const tracing = await startTracing({ env, log });
  const names = (await listContexts()).map(({ name }) => name);
  const urls = subgraphUrls(env, names);
  const meter = createMeter();
  const transport = httpTransport({
    from: 'router',
    clock: systemClock,
    envelopeKey,
    urlOf: (to) => urls[to],
  });
  const router = await startAisleRouter({
    port: Number(process.argv[2]),
    env,
    log,
    meter,
    urls,
    commands: commandsOf('router', { meter, transport: transport.send }),
    demo: env.AISLE_DEMO === '1',
    ...(env.AISLE_SUPERGRAPH_FILE && { supergraphFile: env.AISLE_SUPERGRAPH_FILE }),
  });
  const { AISLE_TOPOLOGY: topology } = env;
  const bus = topology
    ? await openSnsSqsBus({ env, log, meter, topology: JSON.parse(topology) as Topology })
    : undefined;
  if (bus) invalidateByEvents(bus, router);
  process.on('message', (message: { reload?: true }) => {
    if (message.reload)
      router.reload().catch((error: Error) => log.error('reload', { error: error.message }));
  });
  process.send?.({ ready: true, url: router.url });
  log.info('stopping', { why: await asked });
  await bus?.close();
  await router.stop();
  await transport.close();
  await tracing.stop();
  return 0;
});
