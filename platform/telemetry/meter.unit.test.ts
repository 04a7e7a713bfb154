import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMeter } from './meter.ts';

test('labels in any order are one series', () => {
  const meter = createMeter();
  const calls = meter.counter('calls_total', 'Calls.');
  calls.add(1, { subgraph: 'orders', outcome: 'ok' });
  calls.add(2, { outcome: 'ok', subgraph: 'orders' });
  calls.add(4, { outcome: 'ok' });
  calls.add(8);
  assert.equal(meter.value('calls_total', { subgraph: 'orders', outcome: 'ok' }), 3);
  assert.deepEqual(meter.render().trim().split('\n').slice(2), [
    'calls_total{outcome="ok",subgraph="orders"} 3',
    'calls_total{outcome="ok"} 4',
    'calls_total 8',
  ]);
});

test('what clients name things cannot break the format', () => {
  const meter = createMeter();
  meter.counter('operations_total', 'Operations.').add(1, { operation: 'a"b\\c\nd' });
  assert.match(meter.render(), /^operations_total\{operation="a\\"b\\\\c\\nd"\} 1$/m);
});

test('a metric keeps a bounded number of series', () => {
  const meter = createMeter();
  const counter = meter.counter('seen_total', 'Seen.');
  for (let i = 0; i < 5_000; i++) counter.add(1, { id: String(i) });
  assert.equal(meter.render().match(/^seen_total\{/gm)?.length, 1_000);
});

test('a histogram counts into its buckets', () => {
  const meter = createMeter();
  const sizes = meter.histogram('sizes', 'Sizes.', [1, 10]);
  for (const size of [0.5, 1, 5, 50]) sizes.record(size, { kind: 'x' });
  assert.deepEqual(meter.render().trim().split('\n').slice(2), [
    'sizes_bucket{kind="x",le="1"} 2',
    'sizes_bucket{kind="x",le="10"} 3',
    'sizes_bucket{kind="x",le="+Inf"} 4',
    'sizes_sum{kind="x"} 56.5',
    'sizes_count{kind="x"} 4',
  ]);
});

test('a metric that several ask for is one, whatever its kind', () => {
  const meter = createMeter();
  for (const subgraph of ['a', 'b']) {
    meter.counter('calls', 'Calls').add(1, { subgraph });
    meter.histogram('seconds', 'Time').record(1, { subgraph });
  }
  const text = meter.render();
  for (const line of [
    'calls{subgraph="a"} 1',
    'seconds_count{subgraph="a"} 1',
    'seconds_count{subgraph="b"} 1',
  ])
    assert.ok(text.includes(line), line);
});
