import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFlights } from './flights.ts';

const call = (inputHash: string, key = 'key') => ({ scope: 'placeOrder:ada', key, inputHash });

test('equal calls share one answer', async () => {
  const flights = createFlights(10);
  let runs = 0;
  const work = async () => ++runs;
  assert.deepEqual(await Promise.all([1, 2, 3].map(() => flights.run(call('a'), work))), [1, 1, 1]);
  assert.equal(await flights.run(call('a'), work), 2);
});

test('another input under the same key waits for the first to end, however it ends', async () => {
  const flights = createFlights(10);
  const said: string[] = [];
  const { promise, reject } = Promise.withResolvers<void>();
  const first = flights.run(call('a'), async () => {
    await promise;
  });
  const others = ['b', 'c'].map((input) => flights.run(call(input), async () => void said.push(input)));
  const elsewhere = flights.run(call('b', 'other key'), async () => void said.push('elsewhere'));
  await elsewhere;
  assert.deepEqual(said, ['elsewhere']);
  reject(new Error('refused'));
  await assert.rejects(first, /refused/);
  await Promise.all(others);
  assert.deepEqual(said, ['elsewhere', 'b', 'c']);
});

test('there are never more than the limit, and nobody waits in an endless row', async () => {
  const flights = createFlights(1);
  const { promise, resolve } = Promise.withResolvers<string>();
  const first = flights.run(call('a'), () => promise);
  assert.equal(await flights.run(call('a', 'other'), async () => 'too many'), undefined);
  const row = ['b', 'c', 'd', 'e', 'f'].map((input) => flights.run(call(input), async () => input));
  resolve('a');
  assert.equal(await first, 'a');
  assert.deepEqual(await Promise.all(row), ['b', 'c', 'd', undefined, undefined]);
});
