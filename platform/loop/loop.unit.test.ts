import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../../test/testkit/until.ts';
import { silentLog } from '../log/index.ts';
import { startLoop } from './index.ts';

test('a loop goes on after a failed round, and never runs two rounds at once', async () => {
  let rounds = 0;
  let running = 0;
  const loop = startLoop({
    name: 'test',
    everyMs: 1,
    log: silentLog,
    work: async () => {
      assert.equal(++running, 1);
      rounds++;
      await new Promise((resolve) => setImmediate(resolve));
      running--;
      if (rounds === 2) throw new Error('once');
    },
  });
  await until(() => rounds >= 5);
  await loop.stop();
  const seen = rounds;
  await new Promise((resolve) => setTimeout(resolve, 10));
  assert.equal(rounds, seen);
});

test('stop does not wait for the pause to end', async () => {
  const loop = startLoop({ name: 'test', everyMs: 60_000, log: silentLog, work: async () => {} });
  await new Promise((resolve) => setImmediate(resolve));
  await loop.stop();
});
