import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type FreshStores, freshStores } from '../../../test/testkit/index.ts';
import { type SeedOrder, seed } from '../store/seed.ts';
import { buyer, type RunningOrders, startOrders } from './start.ts';
import { World } from './world.ts';

let stores: FreshStores;
let orders: RunningOrders;

before(async () => {
  stores = await freshStores();
  orders = await startOrders(stores.env, new World().commands);
});
after(async () => {
  await orders?.stop();
  await stores?.drop();
});

const line = {
  sku: 'sku_apple',
  title: 'Apples',
  sellerId: 'sel_farm',
  quantity: 2,
  unitPrice: 120,
  net: 200,
  tax: 40,
  taxBps: 2_000,
  gross: 240,
};
const address = {
  name: 'Ada',
  line1: '1 High St',
  line2: null,
  city: 'Leeds',
  state: null,
  postcode: 'LS1',
  country: 'GB',
  phone: null,
};
const order = (n: number, status: SeedOrder['status']): SeedOrder => ({
  ...{
    id: `ord_gb_seed${n}`,
    userId: 'usr_gb_ada',
    region: 'gb',
    status,
    lines: [line],
    delivery: 300,
    discount: 0,
  },
  ...{ address, feeBps: { sel_farm: 1_000 }, placedAt: Date.parse('2026-01-01T10:00:00Z') + n * 60_000 },
});

test('seeding twice is seeding once, and the orders read like any other', async () => {
  const rows = [order(1, 'COMPLETED'), order(2, 'CONFIRMED'), order(3, 'CANCELLED')];
  await seed(orders.platform, rows);
  await seed(orders.platform, rows);
  const query =
    '{ orders { edges { node { id status version total { minor } sellerOrders { share { minor } } fee { minor } progress { step } } } } }';
  const { data, errors } = await orders.ask(buyer('ada', 'gb'), query);
  assert.equal(errors, undefined);
  const nodes = data.orders.edges.map(({ node }: { node: Record<string, unknown> }) => node);
  assert.deepEqual(
    nodes.map(({ id, status }: Record<string, unknown>) => [id, status]),
    [
      ['ord_gb_seed3', 'CANCELLED'],
      ['ord_gb_seed2', 'CONFIRMED'],
      ['ord_gb_seed1', 'COMPLETED'],
    ],
  );
  for (const node of nodes) {
    assert.equal(node.total.minor, 540);
    assert.equal(node.sellerOrders[0].share.minor + node.fee.minor, 540);
    assert.equal(node.progress.length, node.version);
  }
  const outbox = await orders.platform
    .databases()
    .of('gb')
    .query('SELECT id FROM outbox WHERE sent_at IS NULL');
  assert.equal(outbox.length, 0);
});
