import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readTraceSettings } from './trace-settings.ts';

const BASE = 'http://collector:4318';
const read = (env: Readonly<Record<string, string | undefined>>) =>
  readTraceSettings({ OTEL_EXPORTER_OTLP_ENDPOINT: BASE, ...env });

test('nothing is traced without an address, or when it is switched off', () => {
  for (const env of [
    { OTEL_EXPORTER_OTLP_ENDPOINT: '' },
    { OTEL_SDK_DISABLED: 'true' },
    { OTEL_TRACES_EXPORTER: 'none' },
  ])
    assert.deepEqual(read(env), { settings: undefined, problems: [] });
});

test('the address of all signals gets the path of traces; that of traces is taken as it is', () => {
  assert.equal(read({}).settings?.url, `${BASE}/v1/traces`);
  assert.equal(
    read({ OTEL_EXPORTER_OTLP_ENDPOINT: `${BASE}/otlp/` }).settings?.url,
    `${BASE}/otlp/v1/traces`,
  );
  assert.equal(read({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://a/b' }).settings?.url, 'https://a/b');
});

test('sampler, name and queue are read', () => {
  const { settings, problems } = read({
    OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
    OTEL_TRACES_SAMPLER_ARG: '0.25',
    OTEL_SERVICE_NAME: 'shop',
    OTEL_BSP_MAX_QUEUE_SIZE: '100',
  });
  assert.deepEqual(problems, []);
  assert.deepEqual(
    [settings?.sampler, settings?.ratio, settings?.serviceName, settings?.maxQueueSize],
    ['parentbased_traceidratio', 0.25, 'shop', 100],
  );
});

test('what cannot be understood is reported and takes its default', () => {
  const { settings, problems } = read({
    OTEL_TRACES_SAMPLER: 'sometimes',
    OTEL_TRACES_SAMPLER_ARG: '7',
    OTEL_BSP_SCHEDULE_DELAY: 'soon',
    OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
  });
  assert.deepEqual(
    [settings?.sampler, settings?.ratio, settings?.scheduledDelayMillis],
    ['parentbased_always_on', 1, 5_000],
  );
  assert.equal(problems.length, 4, problems.join('\n'));
});

test('an address that is none, or an exporter that is not there, switches it off and says so', () => {
  for (const env of [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' }, { OTEL_TRACES_EXPORTER: 'zipkin' }]) {
    const { settings, problems } = read(env);
    assert.equal(settings, undefined);
    assert.equal(problems.length, 1);
  }
});
