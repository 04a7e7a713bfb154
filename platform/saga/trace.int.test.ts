import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  type Collector,
  type FreshStores,
  freshStores,
  type Span,
  startCollector,
  until,
} from '../../test/testkit/index.ts';
import { systemClock } from '../clock/index.ts';
import { silentLog } from '../log/index.ts';
import { type Database, migrate, openDatabase } from '../stores/index.ts';
import { type RunningTracing, startTracing, tracerOf } from '../telemetry/index.ts';
import { createSagaRunner, insertSaga } from './index.ts';
import { type TripCommand, type TripState, trip } from './test-saga.ts';

let stores: FreshStores;
let collector: Collector;
let tracing: RunningTracing;
let database: Database;
before(async () => {
  stores = await freshStores();
  collector = await startCollector();
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_BSP_SCHEDULE_DELAY: '5' };
  tracing = await startTracing({ env, log: silentLog });
  database = openDatabase({ url: stores.env.DATABASE_URL, schema: 'travel', region: 'eu' });
  await migrate(database, 'travel', [join(import.meta.dirname, 'sql')]);
});
after(async () => {
  await tracing?.stop();
  await database?.close();
  await collector?.close();
  await stores?.drop();
});

function runner(leaseMs: number) {
  return createSagaRunner({
    definition: trip,
    databases: [database],
    tracer: tracerOf('travel'),
    perform: async (_: TripCommand) => 'ok',
    saver: { sql: '', params: () => [] },
    times: { leaseMs },
    sweepMs: 20,
    crash: () => {},
    clock: systemClock,
    log: silentLog,
  });
}

test('a saga that another process takes over goes on in the trace it was begun in; looking for such is in none', async () => {
  const gone = runner(1);
  const state: TripState = { at: 'booking', id: 'trip-1' };
  await tracerOf('travel')!.run('book a trip', {}, () =>
    database.query(insertSaga(1), gone.insertParams('trip-1', state)),
  );
  const next = runner(5_000);
  next.start();
  const found = (name: string) => collector.spans.find((span) => span.name === name) as Span;
  await until(() => found('saga trip') !== undefined);
  await next.stop();
  const begun = found('book a trip');
  const saga = found('saga trip');
  assert.deepEqual([saga.traceId, saga.parentSpanId], [begun.traceId, begun.spanId]);
  assert.equal(found('saga step pay').parentSpanId, saga.spanId);
  assert.equal(found('saga-save-trip').parentSpanId, saga.spanId);
  assert.deepEqual(new Set(collector.spans.map(({ traceId }) => traceId)), new Set([begun.traceId]));
});
