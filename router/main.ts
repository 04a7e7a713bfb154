import { systemClock } from '@aisle/platform/clock';
import { createLog, errorFields } from '@aisle/platform/log';
import { startTracing } from '@aisle/platform/telemetry';
import { openRedisStore } from './cache/index.ts';
import { check } from './check.ts';
import { startRouter } from './server/index.ts';
import { readSettings } from './server/settings.ts';
import { openRedisBuckets } from './server/traffic/open-redis.ts';
import { watchContent } from './server/watch-file.ts';

/**
 * `npm run router -- --supergraph FILE --port N [--config FILE]`: serves any Federation 2 supergraph over HTTP subgraphs.
 * A changed supergraph or configuration file, and SIGHUP, reload both. SIGINT and SIGTERM drain; a second one ends at once. What keeps it from starting is one sentence, and exit code 1.
 */
async function main(): Promise<void> {
  const [command, file = 'supergraph.yaml', ...rest] = process.argv.slice(2);
  if (command === 'check') {
    if (rest.length > 0) throw new Error('`check` takes one file: check supergraph.yaml.');
    process.exitCode = (await check(file, (line) => process.stdout.write(`${line}\n`))) ? 0 : 1;
    return;
  }
  const log = createLog('router', { level: process.env.LOG_LEVEL ?? 'info' });
  const settings = await readSettings(process.argv.slice(2), process.env);
  if ('help' in settings) {
    process.stdout.write(settings.help);
    return;
  }
  const watched = settings.configFile === undefined ? undefined : await watchContent(settings.configFile);
  const tracing = await startTracing({ env: process.env, log });
  const { redisUrl } = settings;
  const shared = redisUrl === undefined ? undefined : openRedisBuckets(redisUrl, log, systemClock);
  const withBuckets = (options: typeof settings.options) =>
    shared ? { ...options, traffic: { ...options.traffic, buckets: shared.buckets } } : options;
  const router = await startRouter({
    ...withBuckets(settings.options),
    ...(redisUrl !== undefined && { cacheStore: openRedisStore({ url: redisUrl, log }) }),
    watch: true,
    log,
  }).catch(async (error: unknown) => {
    await shared?.close();
    throw error;
  });
  process.stdout.write(`ready ${router.url}\n`);

  let stoppingSince: number | undefined;
  const stop = () => {
    // Ctrl-C under npm arrives twice, from the terminal and from npm; only a later one is a person's second.
    if (stoppingSince !== undefined) {
      if (performance.now() - stoppingSince > 1_000) process.exit(1);
      return;
    }
    stoppingSince = performance.now();
    router
      .stop()
      .then(() => tracing.stop())
      .then(
        () => process.exit(0),
        (error: unknown) => {
          log.error('stopping failed', errorFields(error));
          process.exit(1);
        },
      );
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  const reloads = router.meter.counter('aisle_router_reloads_total', 'Reloads, by outcome.');
  const reload = async () => {
    const next = await readSettings(process.argv.slice(2), process.env).catch((error: unknown) => {
      reloads.add(1, { outcome: 'failed' });
      log.error('reload refused, everything stays as it is', errorFields(error));
    });
    // A supergraph that cannot be served has been counted and told of by then.
    if (next && 'options' in next) await router.reconfigure(next.options).catch(() => {});
  };
  process.on('SIGHUP', () => void reload());
  watched?.follow(() => void reload());
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
