import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { memoryStore } from '../index.ts';
import type { CacheStore, Entry } from '../store/port.ts';
import { testRedisStore } from './test-redis-store.ts';

const entry = (key: string, began: string, labels: readonly string[] = []): Entry => ({
  key,
  began,
  labels,
  json: `{"text":"line\\n one, ünïcode ${key}"}`,
  storedAt: 1_800_000_000_123,
  maxAge: 2.5,
  ttl: 60_000,
});

/** What every store promises. */
function contract(name: string, open: () => Promise<CacheStore>): void {
  describe(name, () => {
    const opened = open();
    after(async () => (await opened).close());

    it('gives back what it was given, in the order asked for', async () => {
      const store = await opened;
      const { now } = await store.lookup([]);
      await store.store([entry('a', now), entry('b', now, ['x', 'y'])]);
      const { found } = await store.lookup(['b', 'none', 'a']);
      const { json, storedAt, maxAge } = entry('b', now);
      const [b, none, a] = found;
      assert.ok(b && b !== 'outdated');
      assert.deepEqual([b.json, b.storedAt, b.maxAge, none], [json, storedAt, maxAge, undefined]);
      assert.ok(a && a !== 'outdated');
    });

    it('forgets what has come to its end', async () => {
      const store = await opened;
      const { now } = await store.lookup([]);
      await store.store([{ ...entry('short', now), ttl: 30 }]);
      await wait(60);
      assert.deepEqual((await store.lookup(['short'])).found, [undefined]);
    });

    it('outdates by label, and nothing else', async () => {
      const store = await opened;
      const { now } = await store.lookup([]);
      await store.store([entry('c', now, ['p', 'q']), entry('d', now, ['r'])]);
      await store.outdate(['q', 'unused']);
      const { found } = await store.lookup(['c', 'd']);
      assert.equal(found[0], 'outdated');
      assert.ok(found[1] && found[1] !== 'outdated');
    });

    it('never takes back what began before its label was outdated, and takes what began after', async () => {
      const store = await opened;
      const before = await store.lookup([]);
      await store.outdate(['s']);
      await store.store([entry('slow', before.now, ['s'])]);
      assert.deepEqual((await store.lookup(['slow'])).found, ['outdated']);
      const later = await store.lookup([]);
      await store.store([entry('slow', later.now, ['s'])]);
      assert.notEqual((await store.lookup(['slow'])).found[0], 'outdated');
      await store.outdate(['s']);
      assert.deepEqual((await store.lookup(['slow'])).found, ['outdated']);
    });

    it('outdates many labels at once', async () => {
      const store = await opened;
      const { now } = await store.lookup([]);
      await store.store([entry('many', now, ['label-1234'])]);
      await store.outdate(Array.from({ length: 1_500 }, (_, index) => `label-${index}`));
      assert.deepEqual((await store.lookup(['many'])).found, ['outdated']);
    });
  });
}

contract('in memory', async () => memoryStore({ now: Date.now }));
contract('in Redis', testRedisStore);
