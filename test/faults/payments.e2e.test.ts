import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { document } from '../../clients/shop/api.ts';
import { fillCart, type Marketplace, newBuyer, startMarketplace } from '../e2e/marketplace.ts';
import { freePort, until } from '../testkit/index.ts';

const PLACE = document('place-order');
const ORDER = `query ($id: ID!) { order(id: $id) { status payment { status captured { minor } refunded { minor } failure { code } } } }`;
const FINAL = ['CONFIRMED', 'CANCELLED'];

let market: Marketplace;
let sku: string;
before(async () => {
  market = await startMarketplace({
    AISLE_MODE: 'distributed',
    ORDERS_LEASE_MS: '1500',
    PORT: String(await freePort()),
  });
  ({ sku } = await market.shelf(500));
});
after(() => market?.stop());

interface Outcome {
  readonly status: string;
  readonly payment: {
    status: string;
    captured: { minor: number };
    refunded: { minor: number };
    failure: { code: string } | null;
  } | null;
}

/** Places one order with a card, sends it again until it has ended, and looks at what was paid. */
async function buy(paymentMethod: string): Promise<Outcome> {
  const buyer = await newBuyer(market, 'Payment Faults');
  const purchase = { ...(await fillCart(market, buyer, sku)), paymentMethod };
  const id = await until(
    async () => {
      const { data } = await market.ask(PLACE, { input: purchase }, buyer.token);
      const order = data?.placeOrder?.order;
      return order && FINAL.includes(order.status) ? (order.id as string) : undefined;
    },
    // An open circuit is tried again after half a minute.
    { ms: 120_000, every: 250, what: `the end of an order paid with ${paymentMethod}` },
  );
  // While the router leaves a payments process alone that has just died, an order is shown without its payment.
  return until(
    async () => {
      const order = (await market.ask(ORDER, { id }, buyer.token)).data?.order as Outcome | undefined;
      return order?.payment ? order : undefined;
    },
    { ms: 45_000, every: 250, what: `the payment of ${id}` },
  );
}

for (const token of [
  'pm_card_lostReply',
  'pm_card_timeout',
  'pm_card_timeoutNoCharge',
  'pm_card_slow',
  'pm_card_captureLostReply',
  'pm_card_captureTimeout',
  'pm_card_mastercard',
]) {
  test(`${token}: bought and charged once`, async () => {
    const { status, payment } = await buy(token);
    assert.deepEqual([status, payment?.status, payment?.refunded.minor], ['CONFIRMED', 'CAPTURED', 0]);
  });
}

for (const [token, code] of [
  ['pm_card_chargeDeclined', 'card_declined'],
  ['pm_card_chargeDeclinedInsufficientFunds', 'insufficient_funds'],
  ['pm_card_expired', 'expired_card'],
  ['pm_nosuchcard', 'resource_missing'],
] as const) {
  test(`${token}: taken back, nothing charged`, async () => {
    const { status, payment } = await buy(token);
    assert.deepEqual([status, payment?.status, payment?.failure?.code], ['CANCELLED', 'DECLINED', code]);
  });
}

test('pm_card_captureFails: the hold is ended, nothing charged', async () => {
  const { status, payment } = await buy('pm_card_captureFails');
  assert.deepEqual([status, payment?.status, payment?.captured.minor], ['CANCELLED', 'VOIDED', 0]);
});

/** How many charges the provider has been asked for. */
async function charges(): Promise<number> {
  const port = await readFile(join(market.home, 'run/psp.port'), 'utf8');
  const state = await fetch(`http://127.0.0.1:${port}/_test/state`);
  const { requests } = (await state.json()) as { requests: Record<string, number> };
  return requests['POST /v1/payment_intents'] ?? 0;
}

test('payments is killed while twenty orders are being paid: each ends as its card says, charged once or not at all', async () => {
  const cards = [
    'pm_card_visa',
    'pm_card_lostReply',
    'pm_card_chargeDeclined',
    'pm_card_slow',
    'pm_card_captureLostReply',
  ];
  const { pid } = JSON.parse(await readFile(join(market.home, 'run/worker-payments.pid'), 'utf8')) as {
    pid: number;
  };
  const before = await charges();
  const orders = Promise.all(Array.from({ length: 20 }, (_, i) => buy(cards[i % cards.length]!)));
  await until(async () => (await charges()) > before + 5, {
    ms: 20_000,
    every: 5,
    what: 'payments under way',
  });
  process.kill(pid, 'SIGKILL');
  for (const [i, { status, payment }] of (await orders).entries()) {
    const declined = cards[i % cards.length] === 'pm_card_chargeDeclined';
    assert.equal(status, declined ? 'CANCELLED' : 'CONFIRMED', cards[i % cards.length]);
    assert.equal(payment?.status, declined ? 'DECLINED' : 'CAPTURED', cards[i % cards.length]);
  }
});

test('afterwards every promise holds, in every store and at the provider', async () => {
  const { code, output } = await market.run('audit');
  assert.equal(code, 0, output);
});
