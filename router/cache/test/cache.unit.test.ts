import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TransportError } from '../../transports/index.ts';
import type { CacheSettings } from '../index.ts';
import { cachedGraph } from './cached-graph.ts';
import { representationsOf, shop } from './shop.ts';

const LIST = '{ products { title price } }';

async function open(settings: CacheSettings = {}) {
  const { state, sdl, scripts } = shop();
  const graph = await cachedGraph(sdl, scripts, { settings });
  const asked = (subgraph: string) => graph.calls.filter((call) => call.subgraph === subgraph).length;
  return { ...graph, state, asked };
}

const unreachable = () => {
  throw new TransportError('SUBGRAPH_UNREACHABLE', 'pricing', 'Subgraph "pricing" could not be reached');
};

describe('the cache', () => {
  it('asks for root fields and entities once while they are fresh', async () => {
    const { run, state, time, asked } = await open();
    const first = await run(LIST);
    state.version = 2;
    assert.deepEqual(await run(LIST), first);
    assert.deepEqual([asked('catalogue'), asked('pricing')], [1, 1]);
    assert.deepEqual(first.policy, { maxAge: 10, age: 0, scope: 'PUBLIC' });
    time.now += 11_000;
    const { data } = await run(LIST);
    assert.deepEqual(data.products[0], { title: '1 v1', price: 102 });
    assert.deepEqual([asked('catalogue'), asked('pricing')], [1, 2]);
  });

  it('keeps nothing that has not declared it', async () => {
    const { run, asked } = await open();
    for (let i = 0; i < 2; i++) assert.equal((await run('{ products { secret } }')).policy, undefined);
    for (let i = 0; i < 2; i++) assert.equal((await run('{ notes { text } }')).policy, undefined);
    assert.deepEqual([asked('catalogue'), asked('pricing')], [3, 2]);
  });

  it('keeps what has not declared it for the default that is set, and nothing where it is switched off', async () => {
    const on = await open({ defaultMaxAge: 20 });
    for (let i = 0; i < 2; i++) assert.equal((await on.run('{ notes { text } }')).policy?.maxAge, 20);
    assert.equal(on.asked('catalogue'), 1);
    const off = await open({ subgraphs: { pricing: { enabled: false } } });
    for (let i = 0; i < 2; i++) assert.equal((await off.run(LIST)).policy, undefined);
    assert.deepEqual([off.asked('catalogue'), off.asked('pricing')], [1, 2]);
  });

  it('asks only for the entities that are missing', async () => {
    const { run, state, calls } = await open();
    state.ids = ['1', '3'];
    await run('{ uncached { price } }');
    state.ids = ['1', '2', '3', '4'];
    const { data } = await run('{ uncached { price } }');
    assert.deepEqual(
      data.uncached.map(({ price }: { price: number }) => price),
      [101, 201, 301, 401],
    );
    const last = calls.at(-1)!.request;
    assert.deepEqual(
      representationsOf(last).map(({ id }) => id),
      ['2', '4'],
    );
  });

  it('puts errors of a partly cached batch where they belong, and keeps nothing of it', async () => {
    const { run, state, asked } = await open();
    state.ids = ['1', '3'];
    await run('{ uncached { price } }');
    state.ids = ['1', '2', '3', '4'];
    state.pricing = () => ({
      data: { _entities: [{ price: 5 }, null] },
      errors: [{ message: 'no price', path: ['_entities', 1, 'price'] }],
    });
    for (let i = 1; i <= 2; i++) {
      const { data, errors, policy } = await run('{ uncached { price } }');
      assert.deepEqual(
        data.uncached.map(({ price }: { price: number }) => price),
        [101, 5, 301, null],
      );
      assert.deepEqual(
        errors?.map(({ message, path }) => [message, path]),
        [['no price', ['uncached', 3, 'price']]],
      );
      assert.equal(policy, undefined);
      assert.equal(asked('pricing'), 1 + i);
    }
  });

  it('answers what is there when the subgraph cannot be reached for the rest', async () => {
    const { run, state } = await open();
    state.ids = ['1'];
    await run('{ uncached { price } }');
    state.ids = ['1', '2'];
    state.pricing = unreachable;
    const { data, errors } = await run('{ uncached { price } }');
    assert.deepEqual(data.uncached, [{ price: 101 }, { price: null }]);
    assert.deepEqual(
      errors?.map(({ path }) => path),
      [['uncached', 1]],
    );
  });

  it('forgets soon that there is none', async () => {
    const { run, state, time, asked } = await open({ negativeMaxAge: 5 });
    const query = '{ product(id: "9") { title } }';
    state.ids = [];
    for (let i = 0; i < 2; i++) assert.deepEqual((await run(query)).data, { product: null });
    assert.equal(asked('catalogue'), 1);
    time.now += 6_000;
    await run(query);
    assert.equal(asked('catalogue'), 2);
    const never = await open({ negativeMaxAge: 0 });
    never.state.ids = [];
    for (let i = 0; i < 2; i++) assert.equal((await never.run(query)).policy, undefined);
    assert.equal(never.asked('catalogue'), 2);
  });

  it('does without the cache for who says so', async () => {
    const { run, state, asked } = await open();
    await run(LIST);
    state.version = 2;
    const noStore = await run(LIST, { cacheControl: 'no-store' });
    assert.deepEqual([noStore.data.products[0].price, noStore.policy], [102, undefined]);
    assert.equal((await run(LIST)).data.products[0].price, 101);
    const noCache = await run(LIST, { cacheControl: 'no-cache' });
    assert.equal(noCache.data.products[0].price, 102);
    assert.equal((await run(LIST)).data.products[0].price, 102);
    assert.equal(asked('pricing'), 3);
  });

  it('never uses it for mutations', async () => {
    const { run, asked } = await open();
    for (let i = 1; i <= 2; i++) {
      await run('mutation { rename(id: "1") { title price } }');
      assert.deepEqual([asked('catalogue'), asked('pricing')], [i, i]);
    }
  });

  it('keeps nothing larger than it may', async () => {
    const { run, asked } = await open({ maxEntryBytes: 40 });
    for (let i = 0; i < 2; i++) await run(LIST);
    assert.deepEqual([asked('catalogue'), asked('pricing')], [2, 1]);
  });
});

describe('a crowd', () => {
  it('of a hundred that misses the same asks once', async () => {
    const { run, asked, meter } = await open();
    const answers = await Promise.all(Array.from({ length: 100 }, () => run(LIST)));
    assert.deepEqual([asked('catalogue'), asked('pricing')], [1, 1]);
    assert.equal(new Set(answers.map(({ data }) => JSON.stringify(data))).size, 1);
    assert.ok(meter.value('aisle_router_cache_total', { subgraph: 'catalogue', outcome: 'joined' }) >= 99);
  });

  it('does not share what is for nobody else: an answer with errors is everyone’s own', async () => {
    const { run, state, asked } = await open();
    state.catalogue = () => ({ data: { product: null }, errors: [{ message: 'not for you' }] });
    await Promise.all(Array.from({ length: 5 }, () => run('{ product(id: "1") { title } }')));
    assert.ok(asked('catalogue') >= 5);
  });

  it('waits no longer than each of it has time', async () => {
    const { run, state } = await open();
    const { promise: gate, resolve: open1 } = Promise.withResolvers<void>();
    state.catalogue = async () => {
      await gate;
      return { data: { product: { __typename: 'Product', id: '1', title: 'late' } } };
    };
    const query = '{ product(id: "1") { title } }';
    const patient = run(query);
    const controller = new AbortController();
    const hasty = run(query, { signal: controller.signal });
    setTimeout(() => controller.abort(), 20);
    assert.match((await hasty).errors?.[0]?.message ?? '', /did not answer in time/);
    open1();
    assert.deepEqual((await patient).data, { product: { title: 'late' } });
  });

  it('goes on when the one who asked leaves', async () => {
    const { run, state } = await open();
    state.catalogue = () => {
      state.catalogue = undefined;
      throw new TransportError('SUBGRAPH_ABORTED', 'catalogue', 'The call was cancelled');
    };
    const [left, ...others] = await Promise.all(
      Array.from({ length: 4 }, () => run('{ product(id: "1") { title } }')),
    );
    assert.equal(left?.errors?.length, 1);
    for (const { data } of others) assert.deepEqual(data, { product: { title: '1 v1' } });
  });
});

describe('a stale answer', () => {
  it('is served once more while it is fetched anew', async () => {
    const { run, state, time, asked, cache } = await open({ staleWhileRevalidate: 20 });
    await run(LIST);
    state.version = 2;
    time.now += 15_000;
    const { data, policy } = await run(LIST);
    assert.equal(data.products[0].price, 101);
    assert.equal(policy, undefined);
    await new Promise((resolve) => setTimeout(resolve, 20));
    await cache.settled();
    assert.equal(asked('pricing'), 2);
    assert.equal((await run(LIST)).data.products[0].price, 102);
    assert.equal(asked('pricing'), 2);
  });

  it('is served when its subgraph cannot be reached, and not for longer than set', async () => {
    const { run, state, time, meter } = await open({ subgraphs: { pricing: { staleIfError: 60 } } });
    await run(LIST);
    state.pricing = unreachable;
    time.now += 40_000;
    const { data, errors, policy } = await run(LIST);
    assert.deepEqual([data.products[2].price, errors, policy], [301, undefined, undefined]);
    assert.equal(meter.value('aisle_router_cache_total', { subgraph: 'pricing', outcome: 'stale-error' }), 3);
    time.now += 40_000;
    assert.ok((await run(LIST)).errors?.length);
  });

  it('is served for the entities that the subgraph says it cannot answer now', async () => {
    const { run, state, time } = await open({ staleIfError: 60 });
    await run(LIST);
    const code = 'UNAVAILABLE';
    state.pricing = () => ({
      data: { _entities: [{ price: 1 }, null, { price: 3 }] },
      errors: [{ message: 'not now', path: ['_entities', 1], extensions: { code } }],
    });
    time.now += 20_000;
    const partly = await run(LIST);
    assert.deepEqual(
      partly.data.products.map(({ price }: { price: number }) => price),
      [1, 201, 3],
    );
    assert.deepEqual([partly.errors, partly.policy], [undefined, undefined]);
    state.pricing = () => ({ data: null, errors: [{ message: 'not now', extensions: { code } }] });
    assert.deepEqual((await run(LIST)).data.products[0], { title: '1 v1', price: 101 });
  });

  it('is not served for an error that the subgraph itself answers', async () => {
    const { run, state, time } = await open({ staleIfError: 60 });
    await run(LIST);
    state.pricing = () => ({ data: null, errors: [{ message: 'not today' }] });
    time.now += 20_000;
    assert.deepEqual([...new Set((await run(LIST)).errors?.map(({ message }) => message))], ['not today']);
  });
});
