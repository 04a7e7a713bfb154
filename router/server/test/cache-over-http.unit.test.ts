import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import type { OperationHost } from '@aisle/platform/service';
import { memoryStore } from '../../cache/index.ts';
import { composeCached } from '../../cache/test/cached-graph.ts';
import { shop } from '../../cache/test/shop.ts';
import type { RunningRouter } from '../index.ts';
import { post, testRouter } from './test-router.ts';

const KEY = 'a key of at least sixteen';
const LIST = '{ products { title } }';

const { state, sdl, scripts } = shop();
const host = (name: string): OperationHost => ({
  execute: async (request) => structuredClone(await scripts[name]?.(request)) as object,
  subscribe: () => Promise.reject(new Error('There are no subscriptions here')),
});
const options = () => ({
  supergraph: { sdl: composeCached(sdl) },
  hosts: { catalogue: host('catalogue'), pricing: host('pricing') },
  cache: { mutations: { rename: ['product-{$args.id}'] } },
  cacheStore: memoryStore({ now: Date.now }),
  invalidationKey: KEY,
});

describe('a router with a cache', () => {
  let router: RunningRouter;
  before(async () => {
    router = await testRouter(options());
  });
  after(() => router.stop());

  const get = (query: string, headers: Record<string, string> = {}) =>
    fetch(`${router.url}?${new URLSearchParams({ query })}`, {
      headers: { 'apollo-require-preflight': '1', ...headers },
    });
  const invalidate = (body: unknown, key: string | undefined = KEY) =>
    fetch(new URL('/invalidation', router.url), {
      method: 'POST',
      headers: { ...(key !== undefined && { authorization: key }) },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });

  it('says how long an answer may be kept, and what it depends on', async () => {
    const { headers } = await post(router, { query: LIST });
    assert.equal(headers.get('cache-control'), 'max-age=60, public');
    assert.equal(headers.get('age'), '0');
    for (const name of ['authorization', 'x-api-key', 'x-aisle-region', 'accept'])
      assert.match(headers.get('vary') ?? '', new RegExp(name));
    const later = await post(router, { query: '{ products { title price } }' });
    assert.equal(later.headers.get('cache-control'), 'max-age=10, public');
  });

  it('says no-store of everything else', async () => {
    for (const query of [
      '{ products { secret } }',
      'mutation { rename(id: "1") { title } }',
      '{ none }',
      '{ __typename }',
    ]) {
      const { headers } = await post(router, { query });
      assert.equal(headers.get('cache-control'), 'no-store', query);
      assert.equal(headers.get('age'), null);
    }
    const asked = await post(router, { query: LIST }, { 'cache-control': 'no-store' });
    assert.equal(asked.headers.get('cache-control'), 'no-store');
  });

  it('answers a GET with 304 when the client has it, and says again how long', async () => {
    const first = await get(LIST);
    const etag = first.headers.get('etag');
    assert.match(first.headers.get('cache-control') ?? '', /^max-age=60, public$/);
    assert.ok(etag);
    const second = await get(LIST, { 'if-none-match': etag });
    assert.equal(second.status, 304);
    assert.equal(second.headers.get('cache-control'), 'max-age=60, public');
    assert.match(second.headers.get('vary') ?? '', /authorization/);
    state.version++;
    await invalidate([{ kind: 'subgraph', subgraph: 'catalogue' }]);
    const third = await get(LIST, { 'if-none-match': etag });
    assert.equal(third.status, 200);
    assert.notEqual(third.headers.get('etag'), etag);
  });

  it('shows who changed something what it is now', async () => {
    const { body: before } = await post(router, { query: '{ products { id title } }' });
    state.version++;
    await post(router, {
      query: 'mutation ($id: ID!) { rename(id: $id) { title } }',
      variables: { id: '1' },
    });
    const { body: now } = await post(router, { query: '{ products { id title } }' });
    assert.notEqual(now.data.products[0].title, before.data.products[0].title);
  });

  it('takes invalidations from who has the key alone', async () => {
    const one = [{ kind: 'cache_tag', cache_tag: 'product-1' }];
    for (const key of [undefined, '', 'wrong', `${KEY}x`, KEY.slice(1)])
      assert.equal((await invalidate(one, key === undefined ? '' : key)).status, 401);
    const taken = await invalidate([...one, { kind: 'type', subgraph: 'pricing', type: 'Product' }]);
    assert.equal(taken.status, 202);
    assert.deepEqual(await taken.json(), { count: 2 });
    assert.equal((await invalidate(one, `Bearer ${KEY}`)).status, 202);
    const metrics = await (await fetch(new URL('/metrics', router.url))).text();
    assert.match(metrics, /aisle_router_cache_invalidations_total\{source="http"\} \d/);
  });

  it('refuses invalidations that say nothing, too much, or something else', async () => {
    for (const body of [
      '',
      'nonsense',
      [],
      {},
      [{ kind: 'all' }],
      [{ kind: 'subgraph' }],
      [{ kind: 'subgraph', subgraph: 'a', more: 1 }],
    ])
      assert.equal((await invalidate(body)).status, 400, JSON.stringify(body));
    assert.equal((await invalidate('x'.repeat(70_000))).status, 413);
    const got = await fetch(new URL('/invalidation', router.url), { headers: { authorization: KEY } });
    assert.equal(got.status, 405);
  });

  it('can be told otherwise while it runs', async () => {
    await router.reconfigure({ cache: { enabled: false } });
    assert.equal((await get(LIST)).headers.get('cache-control'), 'private, no-cache');
    await router.reconfigure({ cache: { subgraphs: { catalogue: { enabled: false } } } });
    assert.equal((await get(LIST)).headers.get('cache-control'), 'no-store');
    await router.reconfigure({ cache: {} });
    assert.equal((await get(LIST)).headers.get('cache-control'), 'max-age=60, public');
  });
});

describe('a router without', () => {
  it('has no invalidation, and leaves headers as they are', async () => {
    const { cache: _cache, cacheStore: _store, invalidationKey: _key, ...rest } = options();
    const router = await testRouter(rest);
    try {
      const { headers } = await post(router, { query: LIST });
      assert.equal(headers.get('cache-control'), 'no-store');
      const { status } = await fetch(new URL('/invalidation', router.url), { method: 'POST', body: '[]' });
      assert.equal(status, 405);
    } finally {
      await router.stop();
    }
  });

  it('a key that is short keeps it from starting', async () => {
    await assert.rejects(testRouter({ ...options(), invalidationKey: 'short' }), /shorter than 16/);
  });
});

describe('a subgraph over HTTP', () => {
  it('can shorten or forbid what the schema declares', async () => {
    let cacheControl = 'max-age=7';
    let calls = 0;
    const server = createServer((_request, response) => {
      calls++;
      response.setHeader('content-type', 'application/json').setHeader('cache-control', cacheControl);
      response.end(
        JSON.stringify({ data: { products: [{ __typename: 'Product', id: '1', title: 'one' }] } }),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
    const router = await testRouter({ ...options(), hosts: {}, routingUrls: { catalogue: url } });
    const asked = async () => (await post(router, { query: LIST })).headers.get('cache-control');
    try {
      assert.deepEqual([await asked(), await asked(), calls], ['max-age=7, public', 'max-age=7, public', 1]);
      await router.invalidate([{ kind: 'subgraph', subgraph: 'catalogue' }], 'test');
      cacheControl = 'no-store';
      assert.deepEqual([await asked(), await asked(), calls], ['no-store', 'no-store', 3]);
    } finally {
      await router.stop();
      server.closeAllConnections();
      server.close();
    }
  });
});
