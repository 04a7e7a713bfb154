import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { until } from '../../../test/testkit/index.ts';
import { seed } from '../store/seed.ts';
import {
  confirm,
  type Harness,
  restock,
  SELLER,
  SET,
  seller,
  startInventory,
  stockOf,
  WAREHOUSES,
} from './harness.ts';

let harness: Harness;
before(async () => {
  harness = await startInventory({ background: false });
});
after(() => harness.stop());

const rows = {
  owners: [{ sku: 'sku_seeded', sellerId: SELLER, productId: 'prd_seeded' }],
  levels: [
    { sku: 'sku_seeded', warehouseId: WAREHOUSES.us, onHand: 40 },
    { sku: 'sku_seeded', warehouseId: WAREHOUSES.us2, onHand: 2 },
    { sku: 'sku_seeded', warehouseId: WAREHOUSES.eu, onHand: 7 },
  ],
  sales: [
    {
      orderId: 'ord_us_past1',
      sku: 'sku_seeded',
      warehouseId: WAREHOUSES.us,
      quantity: 5,
      dispatched: true,
      at: '2025-11-01T10:00:00Z',
    },
    {
      orderId: 'ord_us_past2',
      sku: 'sku_seeded',
      warehouseId: WAREHOUSES.us,
      quantity: 3,
      dispatched: false,
      at: '2025-12-01T10:00:00Z',
    },
  ],
};

test('seeding twice is seeding once, and what is dispatched leaves the levels as they are given', async () => {
  await seed(harness.subgraph.platform, rows);
  await seed(harness.subgraph.platform, rows);
  await until(
    async () =>
      (await stockOf(harness, 'sku_seeded', 'us')).live && (await stockOf(harness, 'sku_seeded', 'eu')).live,
  );
  assert.deepEqual(await stockOf(harness, 'sku_seeded'), {
    available: 39,
    onHand: 42,
    held: 0,
    sold: 3,
    live: true,
  });
  assert.deepEqual(await stockOf(harness, 'sku_seeded', 'eu'), {
    available: 7,
    onHand: 7,
    held: 0,
    sold: 0,
    live: true,
  });
});

test('seeded orders are sold, their sellers own what they sell', async () => {
  assert.equal((await confirm(harness, 'ord_us_past2')).confirmed, true);
  assert.equal(
    (await restock(harness, 'ord_us_past2', [{ sku: 'sku_seeded', quantity: 3 }], 'cancelled')).restocked,
    true,
  );
  const input = { idempotencyKey: 'seeded-count', sku: 'sku_seeded', warehouseId: WAREHOUSES.us, onHand: 50 };
  assert.deepEqual((await harness.run(SET, { input }, seller)).data.setStock.errors, []);
  assert.equal((await stockOf(harness, 'sku_seeded')).available, 52);
});
