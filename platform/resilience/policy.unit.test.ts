import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMeter } from '../telemetry/index.ts';
import { fakeTime } from './fake-time.ts';
import { type PolicyOptions, policy } from './policy.ts';

const setup = (options: Partial<PolicyOptions> = {}) => {
  const time = fakeTime();
  const meter = createMeter();
  const made = policy({ name: 'psp', clock: time, timers: time, random: () => 0.5, meter, ...options });
  return { time, meter, psp: made };
};
const never = () => new Promise<never>(() => {});
const failing = (times: number) => {
  let calls = 0;
  const task = async () => {
    calls++;
    if (calls <= times) throw new Error(`failure ${calls}`);
    return calls;
  };
  return { task, calls: () => calls };
};

test('an idempotent call is tried again after a jittered wait', async () => {
  const { time, psp, meter } = setup({ retries: { retries: 2, baseMs: 100 } });
  const { task, calls } = failing(2);
  const result = psp.run(task, { idempotent: true });
  await time.advance(49);
  assert.equal(calls(), 1);
  await time.advance(1);
  assert.equal(calls(), 2);
  await time.advance(100);
  assert.equal(await result, 3);
  assert.equal(meter.value('aisle_retries_total', { policy: 'psp' }), 2);
});

test('a call that is not idempotent is never tried again', async () => {
  const { psp } = setup();
  const { task, calls } = failing(1);
  await assert.rejects(psp.run(task), { message: 'failure 1' });
  assert.equal(calls(), 1);
});

test('an error that says another try cannot help is not tried again and does not open the breaker', async () => {
  const { psp } = setup({ isFailure: (error) => !(error instanceof RangeError) });
  let calls = 0;
  const refuse = async () => {
    calls++;
    throw new RangeError('declined');
  };
  for (let i = 0; i < 6; i++) await assert.rejects(psp.run(refuse, { idempotent: true }), RangeError);
  assert.equal(calls, 6);
  assert.equal(psp.breakerState, 'closed');
});

test('five failures open the breaker, and a refusal is counted', async () => {
  const { time, psp, meter } = setup();
  const { task, calls } = failing(100);
  for (let i = 0; i < 5; i++) await assert.rejects(psp.run(task));
  await assert.rejects(psp.run(task, { idempotent: true }), { reason: 'open-circuit' });
  assert.equal(calls(), 5);
  assert.equal(meter.value('aisle_rejections_total', { policy: 'psp', reason: 'open-circuit' }), 1);
  assert.match(meter.render(), /aisle_breaker_state\{policy="psp"\} 2/);
  await time.advance(30_000);
  assert.equal(await psp.run(async () => 'back'), 'back');
  assert.equal(psp.breakerState, 'closed');
});

test('one try may take attemptTimeoutMs, all tries together timeoutMs', async () => {
  const { time, psp } = setup({ timeoutMs: 250, attemptTimeoutMs: 100, retries: { retries: 9, baseMs: 0 } });
  let calls = 0;
  const hang = () => {
    calls++;
    return never();
  };
  const refused = assert.rejects(psp.run(hang, { idempotent: true }), { reason: 'deadline' });
  await time.advance(100);
  assert.equal(calls, 2);
  await time.advance(150);
  await refused;
  assert.equal(calls, 3);
  assert.equal(time.pending, 0);
});

test('the deadline of the operation goes before the time-out of the policy', async () => {
  const { time, psp } = setup({ timeoutMs: 5_000 });
  const refused = assert.rejects(psp.run(never, { deadline: time.now() + 20 }), { reason: 'deadline' });
  await time.advance(20);
  await refused;
  await assert.rejects(psp.run(never, { deadline: time.now() }), { reason: 'deadline' });
  assert.equal(psp.breakerState, 'closed');
});

test('a caller that leaves ends the call, frees its place and is no failure', async () => {
  const { psp } = setup({ breaker: { failures: 1 }, bulkhead: { limit: 1 } });
  const caller = new AbortController();
  const call = psp.run(never, { idempotent: true, signal: caller.signal });
  assert.equal(psp.load.running, 1);
  caller.abort(new Error('left'));
  await assert.rejects(call, { message: 'left' });
  assert.equal(psp.load.running, 0);
  assert.equal(psp.breakerState, 'closed');
});

test('when everything fails, retries stay within a tenth of the calls and the reserve', async () => {
  const { time, psp } = setup({ breaker: false, retries: { retries: 3, baseMs: 0 } });
  const { task, calls } = failing(10_000);
  for (let i = 0; i < 200; i++) {
    const call = assert.rejects(psp.run(task, { idempotent: true }));
    await time.advance(1);
    await call;
  }
  assert.ok(calls() > 200 && calls() <= 200 + 10 + 20, `${calls()} tries`);
});

test('the bulkhead refuses what neither fits nor may wait', async () => {
  const { psp, meter } = setup({ bulkhead: { limit: 1, queue: 0 } });
  const caller = new AbortController();
  const running = psp.run(never, { signal: caller.signal });
  await assert.rejects(
    psp.run(async () => 1),
    { reason: 'bulkhead-full' },
  );
  assert.equal(meter.value('aisle_rejections_total', { policy: 'psp', reason: 'bulkhead-full' }), 1);
  caller.abort(new Error('end'));
  await assert.rejects(running);
  assert.equal(await psp.run(async () => 1), 1);
});
