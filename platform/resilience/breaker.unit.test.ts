import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type BreakerState, createBreaker } from './breaker.ts';
import { fakeTime } from './fake-time.ts';

const setup = () => {
  const time = fakeTime();
  const changes: BreakerState[] = [];
  const breaker = createBreaker('psp', { onChange: (state) => changes.push(state) }, time);
  const fail = (times: number) => {
    for (let i = 0; i < times; i++) breaker.enter()('failure');
  };
  return { time, changes, breaker, fail };
};

test('given four failures and a success, when four more fail, then it stays closed', () => {
  const { breaker, fail } = setup();
  fail(4);
  breaker.enter()('success');
  fail(4);
  assert.equal(breaker.state, 'closed');
});

test('given five failures in a row, then it is open for 30 s', async () => {
  const { time, breaker, fail, changes } = setup();
  fail(5);
  assert.equal(breaker.state, 'open');
  assert.equal(breaker.retryAfterMs(), 30_000);
  assert.throws(() => breaker.enter(), { reason: 'open-circuit' });
  await time.advance(29_999);
  assert.throws(() => breaker.enter(), { reason: 'open-circuit' });
  assert.deepEqual(changes, ['open']);
});

test('given 30 s open, then exactly one probe is let through, and its success closes it', async () => {
  const { time, breaker, fail, changes } = setup();
  fail(5);
  await time.advance(30_000);
  const probe = breaker.enter();
  assert.equal(breaker.state, 'half-open');
  assert.throws(() => breaker.enter(), { reason: 'open-circuit' });
  probe('success');
  breaker.enter()('success');
  assert.deepEqual(changes, ['open', 'half-open', 'closed']);
});

test('given a failed probe, then it is open for another 30 s', async () => {
  const { time, breaker, fail } = setup();
  fail(5);
  await time.advance(30_000);
  breaker.enter()('failure');
  assert.equal(breaker.state, 'open');
  assert.equal(breaker.retryAfterMs(), 30_000);
});

test('given a probe whose caller left, then the next call is the probe', async () => {
  const { time, breaker, fail } = setup();
  fail(5);
  await time.advance(30_000);
  breaker.enter()('cancelled');
  breaker.enter()('success');
  assert.equal(breaker.state, 'closed');
});

test('late answers of calls made before it opened change nothing', () => {
  const { breaker, fail } = setup();
  const slow = breaker.enter();
  fail(5);
  slow('success');
  assert.equal(breaker.state, 'open');
});
