import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createBulkhead } from './bulkhead.ts';
import { fakeTime } from './fake-time.ts';

const setup = () => {
  const time = fakeTime();
  return { time, bulkhead: createBulkhead('psp', { limit: 2, queue: 2, maxWaitMs: 100 }, time, time) };
};

test('a free place costs no wait', () => {
  const { bulkhead } = setup();
  assert.equal(bulkhead.acquire(), undefined);
  assert.equal(bulkhead.acquire(), undefined);
  assert.equal(bulkhead.running, 2);
});

test('waiters come in by order of arrival, and never more run than the limit', async () => {
  const { bulkhead } = setup();
  bulkhead.acquire();
  bulkhead.acquire();
  const order: string[] = [];
  const first = bulkhead.acquire()?.then(() => order.push('first'));
  const second = bulkhead.acquire()?.then(() => order.push('second'));
  assert.equal(bulkhead.waiting, 2);
  bulkhead.release();
  await first;
  assert.deepEqual(order, ['first']);
  assert.equal(bulkhead.running, 2);
  bulkhead.release();
  await second;
  bulkhead.release();
  bulkhead.release();
  assert.equal(bulkhead.running, 0);
});

test('one more than the queue holds is refused at once', () => {
  const { bulkhead } = setup();
  for (let i = 0; i < 4; i++) bulkhead.acquire()?.catch(() => {});
  assert.throws(() => bulkhead.acquire(), { reason: 'bulkhead-full' });
});

test('a wait ends after maxWaitMs, or at the deadline when that is sooner', async () => {
  const { time, bulkhead } = setup();
  bulkhead.acquire();
  bulkhead.acquire();
  const long = assert.rejects(bulkhead.acquire()!, { reason: 'bulkhead-wait' });
  const short = assert.rejects(bulkhead.acquire({ deadline: time.now() + 10 })!, { reason: 'bulkhead-wait' });
  await time.advance(10);
  await short;
  assert.equal(bulkhead.waiting, 1);
  await time.advance(90);
  await long;
  assert.equal(bulkhead.waiting, 0);
});

test('a waiter whose caller leaves gives its place in the queue up', async () => {
  const { time, bulkhead } = setup();
  bulkhead.acquire();
  bulkhead.acquire();
  const caller = new AbortController();
  const left = assert.rejects(bulkhead.acquire({ signal: caller.signal })!, { message: 'left' });
  caller.abort(new Error('left'));
  await left;
  assert.equal(bulkhead.waiting, 0);
  assert.equal(time.pending, 0);
});
