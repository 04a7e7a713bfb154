import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { type Database, migrate, openDatabase } from '@aisle/platform/stores';
import { type FreshStores, freshStores } from '../../../test/testkit/stores.ts';
import { between, stepsOfOrders } from './steps.ts';

let stores: FreshStores;
let database: Database;
before(async () => {
  stores = await freshStores();
  database = openDatabase({ url: stores.env.DATABASE_URL_EU!, schema: 'orders', region: 'eu' });
  await migrate(database, 'orders', [join(import.meta.dirname, 'migrations/regional')]);
});
after(async () => {
  await database.close();
  await stores.drop();
});

it('keeps the order of transactions when their number gets a digit more', async () => {
  const steps = [
    ['9998', 'PLACED'],
    ['9999', 'QUOTE_LOCKED'],
    ['10000', 'STOCK_RESERVED'],
    ['100000', 'CONFIRMED'],
  ] as const;
  for (const [xact, step] of steps) {
    await database.query(
      `INSERT INTO order_progress (xact, order_id, user_id, step, status, at)
       VALUES ($1::xid8, 'ord_eu_1', 'usr_eu_1', $2, 'PENDING', now())`,
      [xact, step],
    );
  }
  const expected = steps.map(([, step]) => step);
  const all = await stepsOfOrders(database, 'eu', ['ord_eu_1']);
  assert.deepEqual(
    all.map(({ step }) => step),
    expected,
  );
  const range = { after: { xact: 9_998n, seq: 0n }, until: { xact: 10_000n, seq: 99n } };
  for (const orderId of ['ord_eu_1', undefined]) {
    const page = await between(database, 'eu', { ...range, userId: 'usr_eu_1', orderId }, 2);
    assert.deepEqual(
      page.map(({ step }) => step.step),
      ['PLACED', 'QUOTE_LOCKED'],
    );
  }
});
