import assert from 'node:assert/strict';
import { silentLog } from '@aisle/platform/log';
import { testStores, until } from '../../../test/testkit/index.ts';
import { type CacheStore, openRedisStore } from '../index.ts';

/** A store of a test's own in the Redis of the tests, ready to be used. */
export async function testRedisStore(): Promise<CacheStore> {
  const { REDIS_URL: url } = await testStores();
  assert.ok(url);
  const store = openRedisStore({ url, log: silentLog, prefix: `test:${process.pid}:${Math.random()}:` });
  await until(() => store.lookup([]).then(Boolean, () => false));
  return store;
}
