import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openDatabase } from '@aisle/platform/stores';
import { type FreshStores, freshStores, until } from '../../../test/testkit/index.ts';
import { CRASH_POINTS } from '../domain/saga/types.ts';
import { startChild } from './child-orders.ts';
import { buyer } from './start.ts';
import { World } from './world.ts';

let stores: FreshStores;
let world: World;
let database: ReturnType<typeof openDatabase>;
let survivor: Awaited<ReturnType<typeof startChild>>;
let key = 0;
const ada = buyer('ada');

before(async () => {
  stores = await freshStores();
  world = new World();
  // It lives through all of it, takes over what the killed ones left, and answers for them.
  survivor = await startChild({ ...stores.env, ORDERS_LEASE_MS: '600' }, world);
  database = openDatabase({
    url: stores.env.DATABASE_URL_EU!,
    schema: 'orders',
    region: 'eu',
    maxConnections: 2,
  });
});
after(async () => {
  await survivor?.stop();
  await database?.close();
  await stores?.drop();
});

/** Which of the ways through the saga comes by a point. */
const payingWith = (point: string) => {
  if (point === 'save awaiting-buyer') return 'pm_action';
  return ['save releasing-stock', 'releaseStock', 'releaseCart'].includes(point) ? 'pm_declined' : 'pm_ok';
};
const takesBack = (point: string) => ['save returning-payment', 'voidPayment', 'restock'].includes(point);

for (const point of CRASH_POINTS) {
  for (const when of ['before', 'after'] as const) {
    test(`killed ${when} ${point}: the order ends placed and charged once, or undone`, async () => {
      const basket = world.basket(ada.subject);
      const input = { idempotencyKey: `kill-${++key}-abcdef`, paymentMethod: payingWith(point), ...basket };
      // A sale that cannot be confirmed is the way back past a payment; one that was sold without an answer, past the stock.
      let orderId = '';
      world.before = (command, given) => {
        if (command === 'reserveStock') orderId = given.orderId;
        if (command === 'confirmStock' && takesBack(point) && point !== 'restock')
          world.held.delete(given.orderId);
      };
      const env = {
        ...stores.env,
        AISLE_FAULTS: '1',
        AISLE_CRASH_AT: `${point}:${when}`,
        ORDERS_LEASE_MS: '600',
      };
      const doomed = await startChild(env, world);
      if (point === 'restock') {
        world.after = (command, given) => {
          if (command !== 'capturePayment') return;
          world.held.get(given.orderId)!.state = 'sold';
          const payment = world.payments.get(given.orderId)!;
          payment.status = 'DECLINED';
          payment.captures = 0;
        };
        world.before = (command, given) => {
          if (command === 'reserveStock') orderId = given.orderId;
          if (command === 'capturePayment') world.payments.get(given.orderId)!.status = 'DECLINED';
        };
      }
      void doomed.place(ada, input);
      const { signal } = await doomed.ended;
      assert.equal(signal, 'SIGKILL');
      world.before = takesBack(point) && point !== 'restock' ? world.before : () => {};
      world.after = () => {};

      if (point === 'save awaiting-buyer') {
        await until(async () => {
          const [row] = await database.query<{ status: string }>('SELECT status FROM orders WHERE id = $1', [
            orderId,
          ]);
          return row?.status === 'AWAITING_PAYMENT';
        });
        return;
      }
      // The buyer's client lost its answer and asks again, with the same key.
      const placed = await survivor.place(ada, input);
      world.before = () => {};
      orderId ||= placed.order.id;
      assert.equal(placed.order.id, orderId);
      const payment = world.payments.get(orderId);
      const hold = world.held.get(orderId)?.state;
      if (placed.order.status === 'CONFIRMED') {
        assert.deepEqual(
          [payment?.status, payment?.holds, payment?.captures, hold],
          ['CAPTURED', 1, 1, 'sold'],
        );
        await until(() => world.carts.get(basket.cartId)!.lines.length === 0);
      } else {
        assert.equal(placed.order.status, 'CANCELLED');
        assert.ok(['REFUNDED', 'VOIDED', 'DECLINED'].includes(payment!.status), payment!.status);
        assert.ok(hold === undefined || hold === 'released' || hold === 'restocked', hold);
        assert.equal(world.carts.get(basket.cartId)?.frozenFor, undefined);
      }
      const expected = payingWith(point) === 'pm_ok' && !takesBack(point) ? 'CONFIRMED' : 'CANCELLED';
      assert.equal(placed.order.status, expected);
      const rows = await database.query('SELECT id FROM orders WHERE cart_id = $1', [basket.cartId]);
      assert.equal(rows.length, 1);
    });
  }
}

test('two processes, one key, 20 at once: one order, one charge, 20 equal answers', async () => {
  const other = await startChild({ ...stores.env }, world);
  const input = {
    idempotencyKey: `both-${++key}-abcdef`,
    paymentMethod: 'pm_ok',
    ...world.basket(ada.subject),
  };
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, i) => (i % 2 ? survivor : other).place(ada, input)),
  );
  assert.equal(answers[0].order.status, 'CONFIRMED');
  for (const answer of answers) assert.deepEqual(answer, answers[0]);
  const payment = world.payments.get(answers[0].order.id)!;
  assert.deepEqual([payment.holds, payment.captures], [1, 1]);
  await other.stop();
});
