import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import type { CacheStore, Invalidation } from '../index.ts';
import { cachedGraph } from './cached-graph.ts';
import { representationsOf } from './shop.ts';
import { testRedisStore } from './test-redis-store.ts';

const SEED = Number(process.env.CACHE_SEED ?? randomInt(2 ** 31));
const RUNS = Number(process.env.CACHE_RUNS ?? 25);
const QUERY = 'query ($ids: [ID!]!) { some(ids: $ids) { id price } }';
const SDL = {
  catalogue: 'type Query { some(ids: [ID!]!): [Product!]! } type Product @key(fields: "id") { id: ID! }',
  pricing: `type Product @key(fields: "id") @cacheTag(format: "price-{$key.id}") @cacheControl(maxAge: 60) { id: ID! price: Int }`,
};
const IDS = ['1', '2', '3'];

const ids = fc.subarray(IDS, { minLength: 1 });
/** Turns of the event loop before it begins, and before the subgraph answers: before and after it has looked. */
const delays = fc.tuple(fc.nat(12), fc.nat(6), fc.nat(6));
const step = fc.oneof(
  { arbitrary: fc.record({ kind: fc.constant('ask' as const), ids, delays }), weight: 4 },
  fc.record({ kind: fc.constant('change' as const), ids, delays }),
);

const turns = async (count: number) => {
  for (let i = 0; i < count; i++) await turn();
};

describe(`once an invalidation is done nobody gets what was before (CACHE_SEED=${SEED})`, () => {
  let store: CacheStore;
  before(async () => {
    store = await testRedisStore();
  });
  after(() => store.close());

  test('whatever is asked and changed at the same time', async () => {
    let hits = 0;
    let salt = 0;
    const property = fc.asyncProperty(
      fc.array(step, { minLength: 30, maxLength: 80, size: 'max' }),
      async (steps) => {
        const prices = new Map(IDS.map((id) => [id, 0]));
        /** What everybody has to see by now. */
        const known = new Map(prices);
        const pace: [number, number][] = steps.map(({ delays: [, look, answer] }) => [look, answer]);
        let calls = 0;
        // No run finds what another has left in Redis.
        const pricing = SDL.pricing.replace('price: Int', `price: Int salt${salt++}: Int`);
        const graph = await cachedGraph(
          { ...SDL, pricing },
          {
            catalogue: ({ variables }) => ({
              data: {
                some: (Object.values(variables ?? {})[0] as string[]).map((id) => ({
                  __typename: 'Product',
                  id,
                })),
              },
            }),
            async pricing(request) {
              const [look = 0, answer = 0] = pace[calls++ % pace.length] ?? [];
              await turns(look);
              const found = representationsOf(request).map(({ id }) => ({ price: prices.get(id) }));
              await turns(answer);
              return { data: { _entities: found } };
            },
          },
          { store },
        );
        const ask = async (asked: readonly string[]) => {
          const least = new Map(known);
          const { data, errors } = await graph.run(QUERY, { variables: { ids: asked } });
          assert.equal(errors, undefined);
          for (const { id, price } of data.some as { id: string; price: number }[])
            assert.ok(
              price >= (least.get(id) ?? 0),
              `${id} was ${price} after it had become ${least.get(id)}`,
            );
        };
        const change = async (changed: readonly string[]) => {
          const next = changed.map((id) => [id, (prices.get(id) ?? 0) + 1] as const);
          for (const [id, price] of next) prices.set(id, price);
          const tags: Invalidation = { kind: 'tags', tags: changed.map((id) => `price-${id}`) };
          await graph.cache.invalidate([tags], 'test');
          for (const [id, price] of next) known.set(id, Math.max(known.get(id) ?? 0, price));
        };
        let begin = 0;
        await Promise.all(
          steps.map(async ({ kind, ids: of, delays: [pause] }) => {
            begin += pause;
            await turns(begin);
            await (kind === 'ask' ? ask(of) : change(of));
          }),
        );
        hits += graph.meter.value('aisle_router_cache_total', { subgraph: 'pricing', outcome: 'hit' });
        hits += graph.meter.value('aisle_router_cache_total', { subgraph: 'pricing', outcome: 'joined' });
      },
    );
    await fc.assert(property, { seed: SEED, numRuns: RUNS, endOnFailure: true });
    // A cache that serves nothing is always fresh.
    assert.ok(hits > RUNS * 5, `only ${hits} answers were shared`);
  });
});
