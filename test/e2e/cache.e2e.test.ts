import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import type { Shelf } from '../../clients/shop/shelf.ts';
import { until } from '../testkit/index.ts';
import { type Marketplace, startMarketplace } from './marketplace.ts';

const PRICE = 'query ($sku: ID!) { variant(sku: $sku) { sku price(region: EU) { amount { minor } } } }';
const LOGIN = `mutation { login(input: { email: "seller@aisle.example", password: "aisle-demo" }) { tokens { accessToken } } }`;
const SET_PRICE = `mutation ($input: SetPriceInput!) { setPrice(input: $input) { errors { code } } }`;

for (const mode of ['single', 'distributed'] as const) {
  describe(`the router's cache, ${mode}`, () => {
    let market: Marketplace;
    let shelf: Shelf;
    before(async () => {
      market = await startMarketplace({ AISLE_MODE: mode });
      shelf = await market.shelf(5);
    });
    after(() => market?.stop());

    const price = async () => {
      const { data } = await market.ask(PRICE, { sku: shelf.sku });
      return data.variant.price.amount.minor as number;
    };
    const counted = async (line: string) => {
      const metrics = await (await fetch(new URL('/metrics', market.url))).text();
      return Number(
        metrics
          .split('\n')
          .find((row) => row.startsWith(line))
          ?.split(' ')
          .at(-1) ?? 0,
      );
    };

    test('a price is kept, and the next query after it was changed has the new one', async () => {
      const hits = () => counted('aisle_router_cache_total{outcome="hit",subgraph="pricing"}');
      assert.equal(await price(), 349);
      await until(async () => (await price()) === 349 && (await hits()) > 0, {
        what: 'an answer from the cache',
      });
      const { data: signedIn } = await market.ask(LOGIN);
      const input = {
        idempotencyKey: randomUUID(),
        sku: shelf.sku,
        region: 'EU',
        amount: { currency: 'EUR', minor: 299 },
        taxClass: 'REDUCED',
        expectedVersion: 1,
      };
      const { data } = await market.ask(SET_PRICE, { input }, signedIn.login.tokens.accessToken);
      assert.deepEqual(data.setPrice.errors, []);
      assert.equal(await price(), 299);
    });

    test('events come to the router as well', async () => {
      for (const type of ['ProductChanged', 'PriceChanged', 'StockUpdated']) {
        const line = `aisle_router_cache_invalidations_total{source="${type}.v1"}`;
        await until(async () => (await counted(line)) > 0, {
          what: `an invalidation by ${type}`,
          ms: 20_000,
        });
      }
    });
  });
}
