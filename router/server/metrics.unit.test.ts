import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { createMeter } from '@aisle/platform/telemetry';
import { createRouterMetrics, watchProcess } from './metrics.ts';
import { createRegisteredOperations } from './registered-operations.ts';
import { post, testRouter } from './test/test-router.ts';

const operationsOf = (text: string) =>
  new Set([...text.matchAll(/operations_total\{kind="\w+",operation="([^"]*)"/g)].map(([, name]) => name));

test('names that a stranger invents have no label of their own: not without a valid operation, not when long, not without end', () => {
  const meter = createMeter();
  const metrics = createRouterMetrics(meter);
  for (let n = 0; n < 1_000; n++) metrics.operation(`Invalid${n}`, 'unknown', 'refused', 0.001);
  metrics.operation('x'.repeat(100_000), 'query', 'ok', 0.001);
  assert.deepEqual([...operationsOf(meter.render())], ['other']);
  metrics.operation('Shop', 'query', 'ok', 0.001);
  for (let n = 0; n < 10_000; n++) metrics.operation(`Valid${n}`, 'query', 'ok', 0.001);
  metrics.operation('Shop', 'unknown', 'refused', 0.001);
  const names = operationsOf(meter.render());
  assert.ok(names.has('Shop') && names.size <= 201, String(names.size));
  assert.ok(meter.render().length < 500_000);
});

test('registered operations have their label, however many others came first', () => {
  const meter = createMeter();
  const metrics = createRouterMetrics(meter);
  const registered = new Map([
    ['1', 'query Home { a }'],
    ['2', 'query Cart { b } query Other { c }'],
    ['3', 'no GraphQL {'],
  ]);
  const { names } = createRegisteredOperations(registered);
  assert.deepEqual([...names], ['Home', 'Cart', 'Other']);
  metrics.reserve(names);
  for (let n = 0; n < 1_000; n++) metrics.operation(`Valid${n}`, 'query', 'ok', 0.001);
  metrics.operation('Cart', 'query', 'ok', 0.001);
  assert.ok(operationsOf(meter.render()).has('Cart'));
});

test('every operation is counted by how it was prepared, and every call to a subgraph, also in this process', async () => {
  const router = await testRouter();
  const plans = (outcome: string) => router.meter.value('aisle_router_plans_total', { outcome });
  for (const query of ['{ product(id: 1) { stock } }', '{ product(id: 1) { stock } }', '{ nothing }'])
    await post(router, { query });
  const watching = JSON.stringify({ query: 'subscription Watch { ticks(to: 1) { n } }' });
  const headers = { 'content-type': 'application/json', accept: 'text/event-stream' };
  await (await fetch(router.url, { method: 'POST', headers, body: watching })).text();
  await router.stop();
  assert.deepEqual([plans('planned'), plans('cached'), plans('invalid')], [2, 1, 1]);
  const text = router.meter.render();
  assert.match(text, /aisle_router_plan_seconds_count 3/);
  assert.match(text, /operations_total\{kind="subscription",operation="Watch",outcome="ok"\} 1/);
  for (const subgraph of ['catalogue', 'inventory']) {
    assert.match(text, new RegExp(`subgraph_calls_total\\{outcome="ok",subgraph="${subgraph}"\\} 2`));
    assert.match(text, new RegExp(`subgraph_seconds_count\\{subgraph="${subgraph}"\\} 2`));
  }
});

test('the lag of an event loop that has nothing to do is none, and a block of it is seen', async () => {
  const meter = createMeter();
  const watch = watchProcess(meter);
  const lag = () => Number(/lag_seconds\{quantile="0.99"\} (\S+)/.exec(meter.render())?.[1]);
  const median = () => Number(/lag_seconds\{quantile="0.5"\} (\S+)/.exec(meter.render())?.[1]);
  await delay(300);
  assert.ok(median() < 0.015, 'most looks are in time');
  // The first look after a scrape only sets the time.
  await delay(50);
  const end = performance.now() + 300;
  while (performance.now() < end);
  await delay(50);
  assert.ok(lag() > 0.2);
  watch.stop();
});
