import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { type CacheOptions, createCache } from './index.ts';

function setup(options: Partial<CacheOptions<string>> = {}) {
  const source = new Map([
    ['a', 'A1'],
    ['b', 'B1'],
  ]);
  const loads: string[][] = [];
  let now = 0;
  const cache = createCache<string>({
    name: 'test',
    ttlMs: 100,
    staleMs: 100,
    maxEntries: 8,
    clock: { now: () => now },
    load: async (keys) => {
      loads.push([...keys]);
      await turn();
      return new Map(keys.flatMap((key) => (source.has(key) ? [[key, source.get(key)!]] : [])));
    },
    ...options,
  });
  return { cache, source, loads, pass: (ms: number) => (now += ms) };
}

test('many keys are fetched in one load, and then not again', async () => {
  const { cache, loads } = setup();
  assert.deepEqual(await cache.getMany(['a', 'b', 'none', 'a']), ['A1', 'B1', null, 'A1']);
  assert.deepEqual(await cache.getMany(['a', 'b', 'none']), ['A1', 'B1', null]);
  assert.deepEqual(loads, [['a', 'b', 'none']]);
  assert.equal(cache.peek('a'), 'A1');
  assert.equal(cache.peek('none'), null);
  assert.equal(cache.peek('other'), undefined);
});

test('a crowd that asks at once causes one load (single flight)', async () => {
  const { cache, loads } = setup();
  const answers = await Promise.all(Array.from({ length: 50 }, () => cache.get('a')));
  assert.deepEqual(new Set(answers), new Set(['A1']));
  assert.equal(loads.length, 1);
});

test('past its time a value is served while one refresh runs; later it is fetched anew', async () => {
  const { cache, source, loads, pass } = setup();
  await cache.get('a');
  source.set('a', 'A2');
  pass(150);
  assert.equal(cache.peek('a'), 'A1');
  assert.equal(cache.peek('a'), 'A1');
  await turn();
  await turn();
  await turn();
  assert.equal(cache.peek('a'), 'A2');
  assert.equal(loads.length, 2);
  pass(500);
  assert.equal(cache.peek('a'), undefined);
});

test('a failed refresh keeps the stale value and is counted', async () => {
  let broken = false;
  const { cache, pass } = setup({
    load: async () => {
      if (broken) throw new Error('down');
      return new Map([['a', 'A1']]);
    },
  });
  await cache.get('a');
  broken = true;
  pass(150);
  assert.equal(await cache.get('a'), 'A1');
  await turn();
  await turn();
  assert.equal(cache.stats().failures, 1);
  assert.equal(await cache.get('a'), 'A1');
});

test('a failed first load is thrown and not remembered', async () => {
  let broken = true;
  const { cache } = setup({
    load: async () => {
      if (broken) throw new Error('down');
      return new Map([['a', 'A1']]);
    },
  });
  await assert.rejects(cache.get('a'), /down/);
  broken = false;
  assert.equal(await cache.get('a'), 'A1');
});

test('what was being read when it was invalidated is not stored', async () => {
  const { cache, source } = setup();
  const early = cache.get('a');
  source.set('a', 'A2');
  cache.invalidate('a');
  await early;
  assert.equal(cache.peek('a'), undefined);
  assert.equal(await cache.get('a'), 'A2');
});

test('it never holds more than its limit, and drops what was not used longest', async () => {
  const { cache } = setup({ maxEntries: 3, load: async (keys) => new Map(keys.map((key) => [key, key])) });
  await cache.getMany(['1', '2', '3']);
  cache.peek('1');
  await cache.get('4');
  assert.equal(cache.stats().entries, 3);
  assert.equal(cache.peek('1'), '1');
  assert.equal(cache.peek('2'), undefined);
});

test('asking for what does not exist does not push out what does', async () => {
  const { cache } = setup();
  await cache.getMany(['a', 'b']);
  for (let i = 0; i < 100; i++) await cache.get(`none-${i}`);
  assert.equal(cache.peek('a'), 'A1');
  assert.equal(cache.peek('b'), 'B1');
});

test('a source that never answers is given up', async () => {
  const { cache } = setup({ load: () => new Promise(() => {}), loadTimeoutMs: 20 });
  await assert.rejects(cache.get('a'), /no answer within 20 ms/);
});

test('large batches are split', async () => {
  const sizes: number[] = [];
  const { cache } = setup({
    maxEntries: 500,
    maxBatch: 40,
    load: async (keys) => {
      sizes.push(keys.length);
      return new Map(keys.map((key) => [key, key]));
    },
  });
  await cache.getMany(Array.from({ length: 100 }, (_, i) => String(i)));
  assert.deepEqual(sizes, [40, 40, 20]);
});
