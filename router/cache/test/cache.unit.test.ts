import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SubgraphRequest } from '../../engine/index.ts';
import { cachedGraph, type Script } from './cached-graph.ts';

const CATALOGUE = /* GraphQL */ `
  type Query {
    products: [Product!]! @cacheControl(maxAge: 60)
    product(id: ID!): Product @cacheControl(maxAge: 30) @cacheTag(format: "asked-{$args.id}")
    uncached: Product
  }
  type Product @key(fields: "id") @cacheTag(format: "product-{$key.id}") @cacheControl(maxAge: 100) {
    id: ID!
    title: String!
  }`;
const PRICING = /* GraphQL */ `
  type Product @key(fields: "id") @cacheTag(format: "price-{$key.id}") {
    id: ID!
    price: Int @cacheControl(maxAge: 10)
    secret: Int
  }`;

const representationsOf = (variables: SubgraphRequest['variables']) =>
  (variables?.representations ?? []) as { __typename: string; id: string }[];

function shop() {
  const state = { version: 1 };
  const scripts: Record<string, Script> = {
    catalogue: () => ({
      data: {
        products: ['1', '2', '3'].map((id) => ({
          __typename: 'Product',
          id,
          title: `${id} v${state.version}`,
        })),
      },
    }),
    pricing: ({ variables }) => ({
      data: {
        _entities: representationsOf(variables).map(({ id }) => ({
          price: Number(id) * 100 + state.version,
          secret: 7,
        })),
      },
    }),
  };
  return { state, scripts, sdl: { catalogue: CATALOGUE, pricing: PRICING } };
}

const LIST = '{ products { title price } }';

describe('the cache', () => {
  it('asks for root fields and entities once while they are fresh', async () => {
    const { sdl, scripts, state } = shop();
    const { run, calls, time } = await cachedGraph(sdl, scripts);
    const first = await run(LIST);
    state.version = 2;
    assert.deepEqual(await run(LIST), first);
    assert.equal(calls.length, 2);
    assert.deepEqual(first.policy, { maxAge: 10, age: 0, scope: 'PUBLIC' });
    time.now += 11_000;
    const { data } = await run(LIST);
    assert.deepEqual(data.products[0], { title: '1 v1', price: 102 });
    assert.deepEqual(
      calls.map(({ subgraph }) => subgraph),
      ['catalogue', 'pricing', 'pricing'],
    );
  });

  it('keeps nothing that has not declared it', async () => {
    const { sdl, scripts } = shop();
    const { run, calls } = await cachedGraph(sdl, scripts);
    for (let i = 0; i < 2; i++) assert.equal((await run('{ products { secret } }')).policy, undefined);
    assert.deepEqual(
      calls.map(({ subgraph }) => subgraph),
      ['catalogue', 'pricing', 'pricing'],
    );
  });
});
