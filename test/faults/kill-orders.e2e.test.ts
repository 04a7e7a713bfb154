import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { document } from '../../clients/shop/api.ts';
import type { Purchase } from '../../clients/shop/shopper.ts';
import { type Buyer, fillCart, type Marketplace, newBuyer, startMarketplace } from '../e2e/marketplace.ts';
import { until } from '../testkit/index.ts';

/** Points of a checkout that goes well, and of one whose card is declined. */
const BUYING = [
  'start',
  'lockQuote',
  'reserveStock',
  'save authorising',
  'authorisePayment',
  'capturePayment',
  'confirmStock',
  'completeCart',
  'save done',
];
const REFUSED = ['authorisePayment', 'releaseStock', 'releaseCart', 'save done'];
const FINAL = ['CONFIRMED', 'CANCELLED'];
const PLACE = document('place-order');

let market: Marketplace;
let buyer: Buyer;
let folder: string;
let file: string;
let sku: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aisle-kill-'));
  file = join(folder, 'crash-at');
  market = await startMarketplace({
    AISLE_MODE: 'distributed',
    AISLE_FAULTS: '1',
    AISLE_CRASH_FILE: file,
    ORDERS_LEASE_MS: '1500',
  });
  buyer = await newBuyer(market, 'Kill');
  ({ sku } = await market.shelf(500));
});
after(async () => {
  await market?.stop();
  await rm(folder, { recursive: true, force: true });
});

/**
 * Sends the same key until the order has ended, as a client does whose replies get lost. Not so often that the failures
 * of a restart open the router's breaker, which would then keep orders away for half a minute.
 */
function placeUntilEnded(purchase: Purchase): Promise<{ id: string; status: string }> {
  return until(
    async () => {
      const { data } = await market.ask(PLACE, { input: purchase }, buyer.token);
      const order = data?.placeOrder?.order;
      return order && FINAL.includes(order.status) ? order : undefined;
    },
    { ms: 60_000, every: 1_500, what: `the end of the order with key ${purchase.idempotencyKey}` },
  );
}

async function killAt(point: string, when: 'before' | 'after', paymentMethod: string): Promise<string> {
  // While orders is on its way up again a cart may not be changed: that too is tried until it works.
  const purchase = await until(() => fillCart(market, buyer, sku), {
    ms: 20_000,
    every: 250,
    what: 'a filled cart',
  });
  await writeFile(file, `${point}:${when}`);
  const { id, status } = await placeUntilEnded({ ...purchase, paymentMethod });
  assert.ok(!existsSync(file), `the process was killed ${when} "${point}"`);
  const again = await placeUntilEnded({ ...purchase, paymentMethod });
  assert.equal(again.id, id, 'the same key is the same order');
  return status;
}

for (const point of BUYING) {
  for (const when of ['before', 'after'] as const) {
    test(`killed ${when} "${point}": placed and charged once`, async () => {
      assert.equal(await killAt(point, when, 'pm_card_visa'), 'CONFIRMED');
    });
  }
}

for (const point of REFUSED) {
  test(`killed after "${point}" of a declined card: taken back`, async () => {
    assert.equal(await killAt(point, 'after', 'pm_card_chargeDeclined'), 'CANCELLED');
  });
}

test('afterwards every promise holds, in every store and at the provider', async () => {
  const { code, output } = await market.run('audit');
  assert.equal(code, 0, output);
  const stock = (
    await market.ask(
      'query ($sku: ID!) { variant(sku: $sku) { stock(region: EU) { available held sold } } }',
      { sku },
    )
  ).data.variant.stock;
  assert.deepEqual(stock, { available: 500 - 2 * BUYING.length, held: 0, sold: stock.sold });
});
