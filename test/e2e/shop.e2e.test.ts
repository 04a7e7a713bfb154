import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Marketplace, startMarketplace } from './marketplace.ts';

for (const mode of ['single', 'distributed'] as const) {
  describe(`the shop client, ${mode}`, () => {
    let market: Marketplace;
    before(async () => {
      market = await startMarketplace({ AISLE_MODE: mode });
    });
    after(() => market?.stop());

    const shop = async (...args: string[]) => {
      const { code, output } = await market.run('shop', '--json', '--url', market.url, ...args);
      assert.equal(code, 0, output);
      return JSON.parse(output.slice(output.indexOf('{\n'))).result;
    };

    test('a shopper browses, buys, and follows the order live', async () => {
      await shop();
    });

    for (const scenario of ['--decline', '--lost-reply', '--timeout', '--requires-action']) {
      test(`${scenario} ends as it must`, async () => {
        await shop(scenario);
      });
    }

    test('sixty buyers fight for ten units: ten placed, ten charged, none left', async () => {
      const { placed, charged, finalStock } = await shop('--buyers', '60', '--stock', '10');
      assert.deepEqual({ placed, charged, finalStock }, { placed: 10, charged: 10, finalStock: 0 });
    });

    test('of nothing, nobody gets anything, and everyone is told', async () => {
      const { placed, refused, refusals } = await shop('--buyers', '3', '--stock', '0');
      assert.deepEqual(
        { placed, refused, refusals },
        { placed: 0, refused: 3, refusals: { INSUFFICIENT_STOCK: 3 } },
      );
    });

    test('and the audit is clean', async () => {
      const { code, output } = await market.run('audit');
      assert.equal(code, 0, output);
      assert.match(output, /all 13 invariants hold/);
    });
  });
}
