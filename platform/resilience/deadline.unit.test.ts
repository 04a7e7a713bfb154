import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pause, remaining, withDeadline } from './deadline.ts';
import { fakeTime } from './fake-time.ts';

const never = () => new Promise<never>(() => {});

test('gives the task its result and leaves no timer behind', async () => {
  const time = fakeTime();
  const result = await withDeadline(async () => 7, { deadline: time.now() + 100, clock: time, timers: time });
  assert.equal(result, 7);
  assert.equal(time.pending, 0);
});

test('a task that does not listen is given up at the deadline, and its signal aborted', async () => {
  const time = fakeTime();
  let seen: AbortSignal | undefined;
  const task = (signal: AbortSignal) => {
    seen = signal;
    return never();
  };
  const call = withDeadline(task, { deadline: time.now() + 100, name: 'psp', clock: time, timers: time });
  const refused = assert.rejects(call, { name: 'RejectedError', reason: 'deadline', policy: 'psp' });
  await time.advance(99);
  assert.equal(seen?.aborted, false);
  await time.advance(1);
  await refused;
  assert.equal(seen?.aborted, true);
});

test('a deadline that has passed does not start the task', async () => {
  const time = fakeTime();
  let started = false;
  const task = async () => {
    started = true;
  };
  await assert.rejects(withDeadline(task, { deadline: time.now(), clock: time, timers: time }), {
    reason: 'deadline',
  });
  assert.equal(started, false);
});

test('the signal of the caller ends the task with its reason', async () => {
  const time = fakeTime();
  const caller = new AbortController();
  const call = withDeadline(never, {
    deadline: time.now() + 100,
    signal: caller.signal,
    clock: time,
    timers: time,
  });
  caller.abort(new Error('shopper left'));
  await assert.rejects(call, { message: 'shopper left' });
  assert.equal(time.pending, 0);
  await assert.rejects(
    withDeadline(never, { deadline: time.now() + 100, signal: caller.signal, clock: time, timers: time }),
    { message: 'shopper left' },
  );
});

test('a task that throws before its first wait is a rejection', async () => {
  const time = fakeTime();
  const call = () =>
    withDeadline(
      () => {
        throw new Error('at once');
      },
      { deadline: time.now() + 100, clock: time, timers: time },
    );
  await assert.rejects(call, { message: 'at once' });
  assert.equal(time.pending, 0);
});

test('pause waits exactly, and ends early with the signal', async () => {
  const time = fakeTime();
  const done: string[] = [];
  const waiting = pause(50, undefined, time).then(() => done.push('waited'));
  await time.advance(49);
  assert.deepEqual(done, []);
  await time.advance(1);
  await waiting;
  assert.deepEqual(done, ['waited']);
  const caller = new AbortController();
  const cut = pause(50, caller.signal, time);
  caller.abort();
  await assert.rejects(cut, { name: 'AbortError' });
  assert.equal(time.pending, 0);
});

test('remaining never goes below zero', () => {
  const time = fakeTime();
  assert.equal(remaining(time.now() + 30, time), 30);
  assert.equal(remaining(time.now() - 30, time), 0);
});
