import assert from 'node:assert/strict';
import { it } from 'node:test';
import { silentLog } from '@aisle/platform/log';
import type { Redis } from '@aisle/platform/stores';
import { redisAttempts } from './redis-attempts.ts';

const away = () => Promise.reject(new Error('connection refused'));
const silent = () => new Promise<never>(() => {});
const LIMITS = { perAddress: 3, perAccount: 5, windowSeconds: 60 };

it('still limits guessing while Redis is away, per process', async () => {
  const attempts = redisAttempts({ eval: away, del: away } as unknown as Redis, LIMITS, silentLog);
  const waits = [];
  for (let i = 0; i < 4; i++) waits.push(await attempts.take('account', '192.0.2.1'));
  assert.deepEqual(waits.slice(0, 3), [0, 0, 0]);
  assert.ok(waits[3]! > 0 && waits[3]! <= 60);
  assert.equal(await attempts.take('other', '192.0.2.1'), 0);
  assert.equal(await attempts.take('account', '192.0.2.2'), 0, 'the fifth try of the account');
  assert.ok((await attempts.take('account', '192.0.2.3')) > 0, 'the sixth');
  await attempts.clear('account', '192.0.2.1');
  assert.equal(await attempts.take('account', '192.0.2.1'), 0);
});

it('never waits long for a Redis that does not answer', async () => {
  const attempts = redisAttempts({ eval: silent, del: silent } as unknown as Redis, LIMITS, silentLog);
  const began = performance.now();
  assert.equal(await attempts.take('account', undefined), 0);
  assert.ok(performance.now() - began < 2_000);
});
