import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type CacheStore, memoryStore } from '../index.ts';
import { cachedGraph } from './cached-graph.ts';
import { shop } from './shop.ts';

const LIST = '{ products { title price } }';

/** A store that does what a test says, and what it does when it is well. */
function ailingStore() {
  const store = memoryStore({ now: Date.now });
  const state = { ailment: undefined as (() => Promise<never>) | undefined, asked: 0 };
  const or = <Result>(work: () => Promise<Result>): Promise<Result> => {
    state.asked++;
    return state.ailment ? state.ailment() : work();
  };
  const ailing: CacheStore = {
    lookup: (keys) => or(() => store.lookup(keys)),
    store: (entries) => or(() => store.store(entries)),
    outdate: (labels) => or(() => store.outdate(labels)),
    close: () => store.close(),
  };
  return { store: ailing, state };
}

async function open() {
  const { state, sdl, scripts } = shop();
  const ailing = ailingStore();
  return {
    ...(await cachedGraph(sdl, scripts, { store: ailing.store })),
    subgraphs: state,
    state: ailing.state,
  };
}

describe('while the store is away', () => {
  for (const [how, ailment] of [
    ['refuses', () => Promise.reject(new Error('ECONNREFUSED'))],
    ['never answers', () => new Promise<never>(() => {})],
  ] as const)
    it(`and ${how}, the subgraphs are asked; when it is back, it is used again`, async () => {
      const { run, calls, state, subgraphs, time, meter } = await open();
      await run(LIST);
      subgraphs.version = 2;
      state.ailment = ailment;
      const started = performance.now();
      for (let i = 0; i < 6; i++) {
        const { data, policy } = await run(LIST);
        assert.deepEqual([data.products[0], policy], [{ title: '1 v2', price: 102 }, undefined]);
      }
      // Five of them found out, at 50 ms each; then it was left alone.
      assert.ok(performance.now() - started < 2_000);
      assert.equal(calls.length, 2 + 12);
      assert.ok(meter.value('aisle_router_cache_errors_total', { what: 'rejected' }) > 0);
      state.ailment = undefined;
      time.now += 3_000;
      assert.equal((await run(LIST)).data.products[0].title, '1 v1');
      assert.equal(calls.length, 14);
    });

  it('an invalidation fails, so that it is made again', async () => {
    const { cache, state, run, subgraphs } = await open();
    await run(LIST);
    subgraphs.version = 2;
    state.ailment = () => Promise.reject(new Error('ECONNREFUSED'));
    const invalidate = () => cache.invalidate([{ kind: 'subgraph', subgraph: 'catalogue' }], 'test');
    await assert.rejects(invalidate, /ECONNREFUSED/);
    state.ailment = undefined;
    await invalidate();
    assert.equal((await run(LIST)).data.products[0].title, '1 v2');
  });
});
