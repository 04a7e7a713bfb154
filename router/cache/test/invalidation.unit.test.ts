import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Invalidation } from '../index.ts';
import { cachedGraph } from './cached-graph.ts';
import { shop } from './shop.ts';

async function open() {
  const { state, sdl, scripts } = shop();
  const graph = await cachedGraph(sdl, scripts);
  /** The titles or prices that a query gives after everything changed and these things were outdated. */
  const after = async (query: string, ...invalidations: Invalidation[]) => {
    await graph.run(query);
    state.version = 2;
    await graph.cache.invalidate(invalidations, 'test');
    return JSON.stringify((await graph.run(query)).data);
  };
  return { ...graph, state, after };
}

const tags = (...names: string[]): Invalidation => ({ kind: 'tags', tags: names });

describe('an invalidation', () => {
  it('by the tag of an entity outdates that one alone', async () => {
    const { after, calls } = await open();
    const answer = await after('{ uncached { id price } }', tags('price-2'));
    assert.match(answer, /"price":101.*"price":202.*"price":301/);
    assert.equal(calls.filter(({ subgraph }) => subgraph === 'pricing').length, 2);
  });

  it('by the tag of an entity outdates root fields that hold it', async () => {
    const { after } = await open();
    assert.match(await after('{ products { id title } }', tags('product-2')), /v2/);
  });

  it('and those that may hold it, when its key was not asked for', async () => {
    const { after } = await open();
    assert.match(await after('{ products { title } }', tags('product-2')), /v2/);
  });

  it('by the tag of an argument outdates that answer alone', async () => {
    const { after, run } = await open();
    const query = 'query ($id: ID!) { product(id: $id) { title } }';
    await run(query, { variables: { id: '2' } });
    assert.match(await after('{ product(id: "1") { title } }', tags('asked-1')), /v2/);
    assert.deepEqual((await run(query, { variables: { id: '2' } })).data, { product: { title: '2 v1' } });
  });

  it('by a tag that nothing has outdates nothing', async () => {
    const { after } = await open();
    assert.doesNotMatch(await after('{ products { id title } }', tags('product-9', 'other-1', '')), /v2/);
  });

  it('of one subgraph leaves the others alone', async () => {
    const { after } = await open();
    const answer = await after('{ products { id title price } }', { kind: 'subgraph', subgraph: 'pricing' });
    assert.match(answer, /"title":"1 v1","price":102/);
  });

  it('by a tag, of one subgraph alone', async () => {
    const { after } = await open();
    const other: Invalidation = {
      ...tags('product-1'),
      kind: 'tags',
      tags: ['product-1'],
      subgraphs: ['pricing'],
    };
    assert.doesNotMatch(await after('{ products { id title } }', other), /v2/);
  });

  it('of a type outdates its entities', async () => {
    const { after } = await open();
    const answer = await after('{ products { title price } }', {
      kind: 'type',
      subgraph: 'pricing',
      type: 'Product',
    });
    assert.match(answer, /"title":"1 v1","price":102/);
  });

  it('outdates what was found not to be there', async () => {
    const { run, state, cache } = await open();
    state.ids = [];
    const ask = () => run('query ($id: ID!) { product(id: $id) { title } }', { variables: { id: '7' } });
    assert.deepEqual((await ask()).data, { product: null });
    state.ids = ['7'];
    await cache.invalidate([tags('asked-7')], 'test');
    assert.deepEqual((await ask()).data, { product: { title: '7 v1' } });
  });

  it('has no effect beyond: what is fetched afterwards is kept', async () => {
    const { run, cache, calls } = await open();
    await run('{ products { id title } }');
    await cache.invalidate([tags('product-1')], 'test');
    for (let i = 0; i < 3; i++) await run('{ products { id title } }');
    assert.equal(calls.length, 2);
  });

  it('during a fetch keeps its answer from being served to anyone who asks later', async () => {
    const { run, state, cache, calls } = await open();
    const { promise: gate, resolve: open1 } = Promise.withResolvers<void>();
    const { promise: begun, resolve: begins } = Promise.withResolvers<void>();
    state.catalogue = async () => {
      state.catalogue = undefined;
      begins();
      await gate;
      return { data: { products: [{ __typename: 'Product', id: '1', title: 'before' }] } };
    };
    const slow = run('{ products { id title } }');
    await begun;
    await cache.invalidate([tags('product-1')], 'test');
    state.version = 2;
    // One who asks now does not wait for the older answer either.
    const meanwhile = await run('{ products { id title } }');
    assert.equal(meanwhile.data.products[0].title, '1 v2');
    open1();
    assert.equal((await slow).data.products[0].title, 'before');
    assert.equal((await run('{ products { id title } }')).data.products[0].title, '1 v2');
    assert.ok(calls.length <= 3);
  });
});
