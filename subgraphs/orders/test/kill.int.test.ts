import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
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
/** Orders by the cart they were made of, and what is to happen to them. */
const orderOf = new Map<string, string>();
const losesHold = new Set<string>();
const LEASE = { ORDERS_LEASE_MS: '800' };

before(async () => {
  stores = await freshStores();
  world = new World();
  world.stock.set('sku_apple', 1_000);
  world.before = (command, { cartId, orderId }) => {
    if (command === 'freezeCart') orderOf.set(cartId as string, orderId);
    if (command === 'confirmStock' && losesHold.has(orderId)) world.held.delete(orderId);
  };
  // It lives through all of it, takes over what the killed ones left, and answers for them.
  survivor = await startChild({ ...stores.env, ...LEASE }, world);
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

const newKey = () => `kill-${++key}-abcdef`;
/** A process that will be killed at a point, by itself. */
const startDoomed = (point: string, when: string) =>
  startChild({ ...stores.env, ...LEASE, AISLE_FAULTS: '1', AISLE_CRASH_AT: `${point}:${when}` }, world);
const dies = async ({ ended }: { ended: Promise<{ signal: unknown }> }) =>
  assert.equal((await ended).signal, 'SIGKILL');

const DECLINED = ['save releasing-stock', 'releaseStock', 'releaseCart'];
const TAKEN_BACK = ['save returning-payment', 'voidPayment'];

/** Asserts that an order was bought once, or that nothing of it is left. */
function assertWhole(order: { id: string; status: string }, cartId: string): void {
  const payment = world.payments.get(order.id);
  const hold = world.held.get(order.id)?.state;
  if (order.status === 'CONFIRMED') {
    assert.deepEqual([payment?.status, payment?.holds, payment?.captures, hold], ['CAPTURED', 1, 1, 'sold']);
    return;
  }
  assert.equal(order.status, 'CANCELLED');
  assert.ok(!payment || ['REFUNDED', 'VOIDED', 'DECLINED'].includes(payment.status), payment?.status);
  assert.ok(hold === undefined || hold === 'released' || hold === 'restocked', hold);
  assert.equal(world.carts.get(cartId)?.frozenFor, undefined);
}

describe('a process killed at any point leaves orders that are bought once, or undone', {
  concurrency: 4,
}, () => {
  for (const point of CRASH_POINTS.filter((name) => name !== 'restock' && name !== 'save awaiting-buyer')) {
    for (const when of ['before', 'after']) {
      test(`${when} ${point}`, async () => {
        const basket = world.basket(ada.subject);
        const paymentMethod = DECLINED.includes(point) ? 'pm_declined' : 'pm_ok';
        const input = { idempotencyKey: newKey(), paymentMethod, ...basket };
        const doomed = await startDoomed(point, when);
        if (TAKEN_BACK.includes(point)) {
          // A sale that cannot be confirmed is the way back past the payment.
          void until(() => orderOf.get(basket.cartId)).then((id) => losesHold.add(id));
        }
        void doomed.ask('placeOrder', ada, input);
        await dies(doomed);
        // The buyer's client lost its answer and asks again, with the same key.
        const { order } = await survivor.ask('placeOrder', ada, input);
        assert.equal(order.id, orderOf.get(basket.cartId));
        assert.equal(
          order.status,
          paymentMethod === 'pm_ok' && !TAKEN_BACK.includes(point) ? 'CONFIRMED' : 'CANCELLED',
        );
        assertWhole(order, basket.cartId);
        if (order.status === 'CONFIRMED')
          await until(() => world.carts.get(basket.cartId)!.lines.length === 0);
        const rows = await database.query('SELECT id FROM orders WHERE cart_id = $1', [basket.cartId]);
        assert.equal(rows.length, 1);
      });
    }
  }

  for (const when of ['before', 'after']) {
    test(`${when} save awaiting-buyer: the order waits all the same`, async () => {
      const basket = world.basket(ada.subject);
      const doomed = await startDoomed('save awaiting-buyer', when);
      void doomed.ask('placeOrder', ada, { idempotencyKey: newKey(), paymentMethod: 'pm_action', ...basket });
      await dies(doomed);
      await until(async () => {
        const [row] = await database.query<{ status: string }>(
          'SELECT status FROM orders WHERE cart_id = $1',
          [basket.cartId],
        );
        return row?.status === 'AWAITING_PAYMENT';
      });
      assert.equal(world.held.get(orderOf.get(basket.cartId)!)?.state, 'held');
    });

    for (const point of ['voidPayment', 'releaseStock', 'restock', 'save done']) {
      test(`${when} ${point} of a cancellation`, async () => {
        const basket = world.basket(ada.subject);
        const { order } = await survivor.ask('placeOrder', ada, {
          idempotencyKey: newKey(),
          paymentMethod: 'pm_ok',
          ...basket,
        });
        assert.equal(order.status, 'CONFIRMED');
        const input = { idempotencyKey: newKey(), orderId: order.id };
        const doomed = await startDoomed(point, when);
        void doomed.ask('cancelOrder', ada, input);
        await dies(doomed);
        const cancelled = await survivor.ask('cancelOrder', ada, input);
        assert.deepEqual([cancelled.order.status, cancelled.errors], ['CANCELLED', []]);
        assertWhole(cancelled.order, basket.cartId);
        assert.equal(world.held.get(order.id)?.state, 'restocked');
      });
    }
  }
});

test('two processes, one key, 20 at once: one order, one charge, 20 equal answers', async () => {
  const other = await startChild(stores.env, world);
  const input = { idempotencyKey: newKey(), paymentMethod: 'pm_ok', ...world.basket(ada.subject) };
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, i) => (i % 2 ? survivor : other).ask('placeOrder', ada, input)),
  );
  assert.equal(answers[0].order.status, 'CONFIRMED');
  for (const answer of answers) assert.deepEqual(answer, answers[0]);
  const payment = world.payments.get(answers[0].order.id)!;
  assert.deepEqual([payment.holds, payment.captures], [1, 1]);
  await other.stop();
});
