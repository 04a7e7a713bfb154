import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createClient } from 'redis';
import { testStores } from '../../../test/testkit/index.ts';
import { memoryBuckets } from './rate-limit.ts';
import { redisBuckets } from './redis-buckets.ts';

describe('buckets shared through Redis', () => {
  let redis: ReturnType<typeof createClient>;
  before(async () => {
    const { REDIS_URL: url } = await testStores();
    assert.ok(url);
    redis = createClient({ url });
    await redis.connect();
  });
  after(() => redis.close());

  const shared = () => {
    const prefix = `test:${process.pid}:${Math.random()}:`;
    const fail = (error: unknown) => assert.fail(String(error));
    return redisBuckets(
      redis,
      memoryBuckets(() => 0),
      fail,
      prefix,
    );
  };

  it('let many routers at once spend no more than one bucket', async () => {
    const buckets = shared();
    const settings = { capacity: 100, perSecond: 0.001 };
    const taken = await Promise.all(Array.from({ length: 60 }, () => buckets.take('a', 5, settings)));
    assert.equal(taken.filter(({ allowed }) => allowed).length, 20);
    assert.ok(taken.filter(({ allowed }) => !allowed).every(({ retryAfter }) => retryAfter > 0));
    assert.equal((await buckets.take('b', 5, settings)).allowed, true);
  });

  it('fill with time', async () => {
    const buckets = shared();
    const settings = { capacity: 10, perSecond: 200 };
    assert.equal((await buckets.take('a', 10, settings)).allowed, true);
    const { allowed, retryAfter } = await buckets.take('a', 10, settings);
    assert.equal(allowed, false);
    await new Promise((resolve) => setTimeout(resolve, retryAfter + 5));
    assert.equal((await buckets.take('a', 10, settings)).allowed, true);
  });
});
