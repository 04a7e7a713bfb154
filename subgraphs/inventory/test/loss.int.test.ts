import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { until } from '../../../test/testkit/index.ts';
import { confirm as confirmSale } from '../store/confirm.ts';
import { partitionFor, pendingKey } from '../store/keys.ts';
import { reconcile } from '../store/reconcile.ts';
import {
  CONFIRM,
  confirm,
  type Harness,
  orders,
  READ,
  release,
  reserve,
  SET,
  staff,
  startInventory,
  stockOf,
  WAREHOUSES,
} from './harness.ts';

let harness: Harness;
before(async () => {
  harness = await startInventory({ background: false });
});
after(() => harness.stop());

let number = 0;
async function stocked(units: number): Promise<string> {
  const sku = `sku_loss${number++}`;
  await harness.stock(sku, units);
  return sku;
}
const order = () => `ord_us_loss${number++}`;
const isLive = (sku: string) =>
  until(async () => (await stockOf(harness, sku)).live, { what: 'the rebuild' });

test('Redis is lost: sales are restored, holds are not, nothing is sold twice', async () => {
  const sku = await stocked(10);
  const [sold, held] = [order(), order()];
  await reserve(harness, sold, [{ sku, quantity: 4 }]);
  await confirm(harness, sold);
  await reserve(harness, held, [{ sku, quantity: 3 }]);
  await harness.ports.live.redis.flushDb();
  const refused = await reserve(harness, order(), [{ sku, quantity: 1 }]);
  assert.deepEqual(refused.codes, ['UNAVAILABLE'], 'fails closed');
  await isLive(sku);
  assert.deepEqual(await stockOf(harness, sku), { available: 6, onHand: 10, held: 0, sold: 4, live: true });
  assert.deepEqual(await confirm(harness, sold), { confirmed: true, codes: [] }, 'the ledger knows it');
  assert.deepEqual(await confirm(harness, held), { confirmed: false, codes: ['HOLD_EXPIRED'] });
  assert.equal(
    (await confirm(harness, held, [{ sku, quantity: 3 }])).confirmed,
    true,
    'with its lines it is reserved again',
  );
  assert.deepEqual(await stockOf(harness, sku), { available: 3, onHand: 10, held: 0, sold: 7, live: true });
});

test('while the counters are missing, stock is read from the ledger and says so', async () => {
  const sku = await stocked(10);
  const id = order();
  await reserve(harness, id, [{ sku, quantity: 4 }]);
  await confirm(harness, id);
  const { rebuilder } = harness.ports;
  const { request } = rebuilder;
  Object.assign(rebuilder, { request: () => {} });
  const { redis } = harness.ports.live;
  await redis.flushDb();
  assert.deepEqual(await stockOf(harness, sku), { available: 6, onHand: 10, held: 0, sold: 4, live: false });
  const { data } = await harness.run(
    SET,
    { input: { idempotencyKey: 'while-missing', sku, warehouseId: WAREHOUSES.us, onHand: 1 } },
    staff,
  );
  assert.equal(data.setStock.errors[0].code, 'UNAVAILABLE');
  Object.assign(rebuilder, { request });
  await rebuilder.restoreAll();
  assert.equal((await stockOf(harness, sku)).live, true);
});

test('Redis is flushed again and again under load: never oversold, and the ledger and Redis agree in the end', async () => {
  const skus = await Promise.all(Array.from({ length: 4 }, () => stocked(60)));
  let stop = false;
  let confirmed = 0;
  let unavailable = 0;
  const buyer = async (n: number) => {
    for (let round = 0; !stop; round++) {
      const id = order();
      const lines = [skus[n % 4]!, skus[(n + round) % 4]!]
        .filter((sku, at, all) => all.indexOf(sku) === at)
        .map((sku) => ({ sku, quantity: 1 }));
      const { reservation, codes } = await reserve(harness, id, lines);
      if (codes[0] === 'UNAVAILABLE') unavailable++;
      if (!reservation) continue;
      if (round % 5 === 4) await release(harness, id);
      else if ((await confirm(harness, id, round % 2 === 0 ? lines : undefined)).confirmed)
        confirmed += lines.length;
    }
  };
  const buyers = Array.from({ length: 12 }, (_, n) => buyer(n));
  const levels = async () => Promise.all(skus.map((sku) => stockOf(harness, sku)));
  for (let flush = 0; flush < 5; flush++) {
    await harness.ports.live.redis.flushDb();
    await until(async () => (await levels()).every(({ live }) => live), { what: 'the rebuild' });
    const seen = confirmed;
    await until(
      async () => confirmed > seen + 5 || (await levels()).every(({ available }) => available === 0),
    );
    for (const { available, onHand, held, sold } of await levels())
      assert.ok(available >= 0 && onHand >= held + sold);
  }
  stop = true;
  await Promise.all(buyers);
  await until(async () => (await levels()).every(({ live }) => live));
  await reconcile(harness.ports, { lookAfterMs: 0, giveUpAfterMs: 0 });
  harness.advance(601_000);
  const books = await harness.ports.ledger.read('us', skus);
  const live = await harness.ports.live.read('us', skus);
  for (const sku of skus) {
    assert.equal(live.get(sku)!.sold, books.get(sku)!.sold);
    assert.ok(books.get(sku)!.sold <= 60);
  }
  assert.equal(
    [...books.values()].reduce((sum, { sold }) => sum + sold, 0),
    confirmed,
    'each confirmed unit is booked once',
  );
  assert.ok(unavailable > 0);
});

test('a crash after the sale is booked: the reconciler moves the counters', async () => {
  const sku = await stocked(5);
  const id = order();
  await reserve(harness, id, [{ sku, quantity: 2 }]);
  const { live } = harness.ports;
  const crashed = { ...harness.ports, live: { ...live, commit: () => Promise.reject(new Error('killed')) } };
  assert.deepEqual(await confirmSale(crashed, { region: 'us', orderId: id }), { confirmed: true });
  assert.deepEqual(await stockOf(harness, sku), { available: 3, onHand: 5, held: 2, sold: 0, live: true });
  harness.advance(3_600_000);
  assert.deepEqual(
    (await reserve(harness, order(), [{ sku, quantity: 4 }])).codes,
    ['INSUFFICIENT_STOCK'],
    'a sold unit never runs out',
  );
  assert.equal(await reconcile(harness.ports, { giveUpAfterMs: 10 * 3_600_000 }), 1);
  assert.deepEqual(await stockOf(harness, sku), { available: 3, onHand: 5, held: 0, sold: 2, live: true });
  assert.equal(await reconcile(harness.ports), 0);
});

test('a crash before the sale is booked: the order can still confirm, and if it never does the units are freed for good', async () => {
  const sku = await stocked(5);
  const [again, never] = [order(), order()];
  const { ledger } = harness.ports;
  const crashed = {
    ...harness.ports,
    ledger: { ...ledger, append: () => Promise.reject(new Error('killed')) },
  };
  for (const id of [again, never]) {
    await reserve(harness, id, [{ sku, quantity: 2 }]);
    await assert.rejects(confirmSale(crashed, { region: 'us', orderId: id }), /killed/);
  }
  assert.equal((await confirm(harness, again)).confirmed, true);
  assert.equal(await reconcile(harness.ports, { lookAfterMs: 0 }), 0, 'not so soon');
  harness.advance(301_000);
  assert.equal(await reconcile(harness.ports), 1);
  assert.deepEqual(await stockOf(harness, sku), { available: 3, onHand: 5, held: 0, sold: 2, live: true });
  assert.deepEqual(await confirm(harness, never, [{ sku, quantity: 2 }]), {
    confirmed: false,
    codes: ['HOLD_EXPIRED'],
  });
});

test('a sale prepared before the counters were restored is not booked on the old counters', async () => {
  const sku = await stocked(2);
  const id = order();
  await reserve(harness, id, [{ sku, quantity: 2 }]);
  const { ledger, rebuilder } = harness.ports;
  let once = true;
  const late = {
    ...harness.ports,
    ledger: {
      ...ledger,
      append: async (...args: Parameters<typeof ledger.append>) => {
        if (once) {
          once = false;
          await rebuilder.rebuild('us', [partitionFor('us', sku).part]);
          await reserve(harness, order(), [{ sku, quantity: 1 }]);
        }
        return ledger.append(...args);
      },
    },
  };
  const outcome = await confirmSale(late, { region: 'us', orderId: id, lines: [{ sku, quantity: 2 }] });
  assert.equal(outcome.confirmed, false);
  assert.deepEqual(await stockOf(harness, sku), { available: 1, onHand: 2, held: 1, sold: 0, live: true });
});

test('a stock change that crashes between ledger and Redis is carried out, one before the ledger is not', async () => {
  const sku = await stocked(5);
  const { live, ledger } = harness.ports;
  const { commit } = live;
  const { append } = ledger;
  const input = (onHand: number) => ({
    input: { idempotencyKey: `crash-${sku}-${onHand}`, sku, warehouseId: WAREHOUSES.us, onHand },
  });
  Object.assign(live, { commit: () => Promise.reject(new Error('killed')) });
  await harness.run(SET, input(8), staff);
  Object.assign(live, { commit });
  assert.equal((await stockOf(harness, sku)).onHand, 5);
  await reconcile(harness.ports, { lookAfterMs: 0 });
  assert.equal((await stockOf(harness, sku)).onHand, 8);

  Object.assign(ledger, { append: () => Promise.reject(new Error('killed')) });
  await harness.run(SET, input(3), staff);
  Object.assign(ledger, { append });
  assert.deepEqual(await stockOf(harness, sku), { available: 3, onHand: 8, held: 5, sold: 0, live: true });
  harness.advance(301_000);
  await reconcile(harness.ports);
  assert.deepEqual(await stockOf(harness, sku), { available: 8, onHand: 8, held: 0, sold: 0, live: true });
  assert.equal(await live.redis.zCard(pendingKey(partitionFor('us', sku))), 0);
});

test('neither store answers: stock is null, the variant is not', async () => {
  const sku = await stocked(5);
  const { live, ledger } = harness.ports;
  const { read: readLive } = live;
  const { read: readBooks } = ledger;
  const down = () =>
    Promise.reject(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }));
  Object.assign(live, { read: down });
  Object.assign(ledger, { read: down });
  const { data, errors } = await harness.run(READ, {
    refs: [{ __typename: 'ProductVariant', sku }],
    region: 'US',
  });
  Object.assign(live, { read: readLive });
  Object.assign(ledger, { read: readBooks });
  assert.deepEqual([data._entities[0], errors], [{ sku, stock: null }, undefined]);
});

test('Redis is in another epoch than the ledger: nothing can be booked until it is restored, which it is', async () => {
  const sku = await stocked(5);
  const { part } = partitionFor('us', sku);
  const database = harness.subgraph.platform.databases().of('us');
  const raise = () => database.query('UPDATE partition_epoch SET epoch = epoch + 1 WHERE part = $1', [part]);
  const id = order();
  await reserve(harness, id, [{ sku, quantity: 1 }]);
  await raise();
  const { data } = await harness.run(CONFIRM, { input: { orderId: id, region: 'US' } }, orders);
  assert.equal(data.confirmStock.errors[0].code, 'UNAVAILABLE');
  await until(async () => (await confirm(harness, id, [{ sku, quantity: 1 }])).confirmed, {
    what: 'the restored counters',
  });
  await raise();
  assert.equal(await harness.ports.verify(), 1);
  assert.deepEqual(await stockOf(harness, sku), { available: 4, onHand: 5, held: 0, sold: 1, live: true });
});
