import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { startCollector } from '../../test/testkit/collector.ts';
import { createLog, type Log, silentLog } from '../log/index.ts';
import { activeTrace, isTracing, startTracing, tracerOf, withSpan } from './index.ts';

const start = (endpoint: string, env: Record<string, string> = {}, log: Log = silentLog) =>
  startTracing({ env: { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, ...env }, log });

test('spans of several contexts are sent by the end, each with its service and parent', async () => {
  const collector = await startCollector();
  const tracing = await start(collector.url);
  const [orders, payments] = [tracerOf('orders')!, tracerOf('payments')!];
  await orders.run('outer', {}, (outer) =>
    payments.run('inner', { kind: 'client', parent: outer.trace }, () =>
      withSpan('store', {}, async () => {}),
    ),
  );
  await tracing.stop();
  await collector.close();
  const [outer, inner, store] = ['outer', 'inner', 'store'].map((name) =>
    collector.spans.find((span) => span.name === name),
  );
  assert.deepEqual(
    [outer?.service, inner?.service, store?.service],
    ['aisle-orders', 'aisle-payments', 'aisle-payments'],
  );
  assert.deepEqual([inner?.parentSpanId, store?.parentSpanId], [outer?.spanId, inner?.spanId]);
  assert.deepEqual(new Set(collector.spans.map(({ traceId }) => traceId)).size, 1);
  assert.equal(isTracing(), false);
});

test('an error is told by its code or class, never by its message', async () => {
  const collector = await startCollector();
  const tracing = await start(collector.url);
  const failing = (error: Error) => tracerOf('orders')!.run('fails', {}, () => Promise.reject(error));
  await assert.rejects(failing(new RangeError('no user eva@example.com')));
  await assert.rejects(failing(Object.assign(new Error('eva@example.com'), { code: '23505' })));
  await tracing.stop();
  await collector.close();
  assert.deepEqual(
    collector.spans.map(({ failed, attributes }) => [failed, attributes['error.type']]),
    [
      [true, 'RangeError'],
      [true, '23505'],
    ],
  );
  assert.doesNotMatch(collector.bodies.join(), /eva@/);
});

test('the sampled flag of the caller is honoured, and passed on', async () => {
  const collector = await startCollector();
  const tracing = await start(collector.url, { OTEL_TRACES_SAMPLER: 'parentbased_always_off' });
  const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
  const parent = (flags: string) => ({ traceparent: `00-${trace}-00f067aa0ba902b7-${flags}` });
  const flagsOf = (options: object) =>
    tracerOf('orders')!.run('work', options, async () => activeTrace()?.traceparent?.slice(-2));
  assert.equal(await flagsOf({ parent: parent('01') }), '01');
  assert.equal(await flagsOf({ parent: parent('00') }), '00');
  assert.equal(await flagsOf({}), '00', 'the sampler takes no trace that begins here');
  await tracing.stop();
  await collector.close();
  assert.deepEqual(
    collector.spans.map(({ traceId }) => traceId),
    [trace],
  );
});

test('a collector that is away costs no error and little time, and is one line of the log', async () => {
  const lines: string[] = [];
  const log = createLog('test', { destination: { write: (line) => lines.push(line) } });
  // Nobody listens at the port of a collector that has just been closed.
  const collector = await startCollector();
  await collector.close();
  const tracing = await start(
    collector.url,
    { OTEL_BSP_SCHEDULE_DELAY: '1', OTEL_BSP_MAX_QUEUE_SIZE: '50' },
    log,
  );
  for (let n = 0; n < 200; n++) await tracerOf('orders')!.run('work', {}, async () => {});
  const before = performance.now();
  await tracing.stop();
  assert.ok(performance.now() - before < 3_500, 'the last spans have three seconds');
  assert.ok(lines.length <= 1, lines.join(''));
});

test('a line of the log within a span has its ids', async () => {
  const lines: string[] = [];
  const log = createLog('test', { destination: { write: (line) => lines.push(line) } });
  const collector = await startCollector();
  const tracing = await start(collector.url);
  await tracerOf('orders')!.run('work', {}, async () => log.info('within'));
  log.info('without');
  await tracing.stop();
  await collector.close();
  const [within, without] = lines.map((line) => JSON.parse(line));
  assert.deepEqual(
    [within.trace_id, within.span_id],
    [collector.spans[0]?.traceId, collector.spans[0]?.spanId],
  );
  assert.equal('trace_id' in without, false);
});

/** What a process of its own loads of the SDK when it starts tracing with the given environment. */
async function loadedBy(env: object): Promise<{ sdk: string[]; isTraced: boolean }> {
  const script = `
    import { registerHooks } from 'node:module';
    const sdk = [];
    registerHooks({ load(url, context, next) {
      if (/@opentelemetry.(?!api)/.test(url)) sdk.push(url);
      return next(url, context);
    } });
    const { startTracing, tracerOf } = await import(${JSON.stringify(new URL('index.ts', import.meta.url).href)});
    const log = { warn() {} };
    const tracing = await startTracing({ env: ${JSON.stringify(env)}, log });
    console.log(JSON.stringify({ sdk, isTraced: tracerOf('orders') !== undefined }));
    await tracing.stop();`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
  return JSON.parse(stdout);
}

test('without an address nothing of the SDK is loaded and there is no tracer', async () => {
  assert.deepEqual(await loadedBy({}), { sdk: [], isTraced: false });
  const { sdk, isTraced } = await loadedBy({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' });
  assert.ok(isTraced && sdk.length > 0, 'with one there is');
});
