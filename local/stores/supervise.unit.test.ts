import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../../test/testkit/index.ts';
import type { StoreProcess } from './process.ts';
import { supervise } from './supervise.ts';

/** A store that ends when told to, or when `die` is called. */
function fakeStore() {
  const { promise: exited, resolve: die } = Promise.withResolvers<string>();
  const store: StoreProcess = { pid: 0, exited, stop: async () => die('was asked') };
  return { store, die };
}

function scene(isHealthy: () => boolean) {
  const launched: ReturnType<typeof fakeStore>[] = [];
  const notices: string[] = [];
  const first = fakeStore();
  const supervised = supervise(first.store, {
    name: 'redis',
    launch: () => {
      const next = fakeStore();
      launched.push(next);
      return next.store;
    },
    healthy: async () => {
      if (!isHealthy()) throw new Error('no');
    },
    notice: (line) => notices.push(line),
    pauses: [1, 1],
  });
  return { first, launched, notices, ...supervised };
}

test('a store that dies comes back, each time', async () => {
  const { first, launched, notices, stop } = scene(() => true);
  first.die('fell');
  await until(() => notices.includes('redis is back.'));
  launched[0]?.die('fell again');
  await until(() => launched.length === 2 && notices.length === 4);
  assert.deepEqual(notices, [
    'redis fell; starting it again.',
    'redis is back.',
    'redis fell again; starting it again.',
    'redis is back.',
  ]);
  await stop();
});

test('one that does not come back is lost', async () => {
  const { first, launched, lost } = scene(() => false);
  first.die('fell');
  assert.equal(await lost, 'fell and could not be started again');
  assert.equal(launched.length, 2);
});

test('one that keeps dying is lost', async () => {
  const { first, launched, lost } = scene(() => true);
  first.die('fell');
  let told = false;
  void lost.then(() => {
    told = true;
  });
  for (let i = 0; i < 5; i++) {
    await until(() => launched.length === i + 1);
    launched[i]?.die('fell');
  }
  await until(() => told);
  assert.equal(launched.length, 5);
});

test('one that is stopped stays stopped, also on its way back', async () => {
  const { first, launched, stop } = scene(() => true);
  await stop();
  assert.equal(await first.store.exited, 'was asked');
  assert.equal(launched.length, 0);
  const second = scene(() => true);
  second.first.die('fell');
  await second.stop();
  assert.ok(second.launched.length <= 1);
});
