import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { createEvent, createMemoryBus, type MemoryBus } from '@aisle/platform/bus';
import { silentLog } from '@aisle/platform/log';
import type { OperationHost, SubgraphRequest } from '@aisle/platform/service';
import { memoryStore } from '../../router/cache/index.ts';
import { type RunningRouter, startRouter } from '../../router/server/index.ts';
import { ROOT } from '../settings.ts';
import { CACHE, CACHE_CONSUMER, CACHE_EVENTS, invalidateByEvents } from './cache.ts';

const QUERY = `query ($sku: ID!) {
  variant(sku: $sku) { title price(region: EU) { version } stock(region: EU) { available } product { title } }
}`;

/** Subgraphs that say how often they were asked. */
function countingHosts() {
  const asked = { catalogue: 0, pricing: 0, inventory: 0 };
  const host = (execute: (request: SubgraphRequest) => object): OperationHost => ({
    execute: async (request) => structuredClone({ data: execute(request) }) as object,
    subscribe: () => Promise.reject(new Error('There are no subscriptions here')),
  });
  const hosts = {
    catalogue: host(({ variables }) => {
      const title = `catalogue ${++asked.catalogue}`;
      const product = { __typename: 'Product', id: 'prd_1', title };
      return { variant: { __typename: 'ProductVariant', sku: variables?.sku, title, product } };
    }),
    pricing: host(() => ({ _entities: [{ price: { version: ++asked.pricing } }] })),
    inventory: host(() => ({ _entities: [{ stock: { available: ++asked.inventory } }] })),
  };
  return { asked, hosts };
}

describe("events outdate what they are about in the router's cache", () => {
  const { asked, hosts } = countingHosts();
  const topology = {
    producers: ['catalogue', 'pricing', 'inventory'],
    consumers: [
      {
        name: CACHE_CONSUMER,
        wants: ['catalogue', 'pricing', 'inventory'].map((producer) => ({
          producer,
          types: Object.keys(CACHE_EVENTS),
        })),
      },
    ],
  };
  let router: RunningRouter;
  let bus: MemoryBus;
  before(async () => {
    router = await startRouter({
      supergraph: { file: join(ROOT, 'schema/supergraph.graphql') },
      port: 0,
      mode: 'development',
      log: silentLog,
      hosts,
      cache: CACHE,
      cacheStore: memoryStore({ now: () => 1_800_000_000_000 }),
      clock: { now: () => 1_800_000_000_000 },
    });
    bus = createMemoryBus(topology);
    invalidateByEvents(bus, router);
  });
  after(async () => {
    await bus.close();
    await router.stop();
  });

  const ask = async (sku = 'sku_1') => {
    const response = await fetch(router.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: QUERY, variables: { sku } }),
    });
    const { data, errors } = (await response.json()) as { data?: unknown; errors?: unknown };
    assert.equal(errors, undefined, JSON.stringify(errors));
    return data;
  };

  for (const [type, producer, data, again] of [
    [
      'ProductChanged.v1',
      'catalogue',
      { productId: 'prd_1', skus: ['sku_1'], sellerId: 'sel_1' },
      ['catalogue'],
    ],
    ['ProductWithdrawn.v1', 'catalogue', { productId: 'prd_1', skus: ['sku_1'] }, ['catalogue']],
    ['PriceChanged.v1', 'pricing', { sku: 'sku_1', region: 'eu' }, ['pricing']],
    ['StockUpdated.v1', 'inventory', { sku: 'sku_1', region: 'eu' }, ['inventory']],
    ['StockUpdated.v1', 'inventory', { sku: 'sku_other', region: 'eu' }, []],
  ] as const)
    it(`${type} of ${JSON.stringify(data)}: asked again is ${again.join() || 'nobody'}`, async () => {
      await ask();
      const before = { ...asked };
      assert.deepEqual(await ask(), await ask());
      assert.deepEqual(asked, before);
      const event = createEvent({ type, producer, subject: 'x', version: 1, data }, 1_800_000_000_000);
      await bus.publish(producer, [event, event]);
      await bus.idle();
      await ask();
      const changed = Object.keys(asked).filter(
        (name) => asked[name as 'pricing'] !== before[name as 'pricing'],
      );
      assert.deepEqual(changed, [...again]);
    });
});
