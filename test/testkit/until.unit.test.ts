import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from './fake-clock.ts';
import { until } from './until.ts';

test('until gives what the look found', async () => {
  let looks = 0;
  const found = await until(() => (++looks === 3 ? 'apple' : undefined), { every: 1 });
  assert.deepEqual([found, looks], ['apple', 3]);
});

test('until gives up at its deadline and says what it waited for and why', async () => {
  const look = () => {
    throw new Error('still closed');
  };
  await assert.rejects(
    until(look, { ms: 20, every: 1, what: 'the shop' }),
    /the shop .* 20 ms \(still closed\)/,
  );
  await assert.rejects(
    until(() => 0, { ms: 5, every: 1 }),
    /last seen: 0/,
  );
});

test('a fake clock moves only forward, and only when it is moved', () => {
  const clock = new FakeClock(1_000);
  const { now } = clock;
  clock.advance(500);
  assert.equal(now(), 1_500);
  assert.throws(() => clock.advance(-1), RangeError);
});
