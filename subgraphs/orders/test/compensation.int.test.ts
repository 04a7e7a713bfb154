import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { type FreshStores, freshStores, until } from '../../../test/testkit/index.ts';
import { buyer, CANCEL, PLACE, type RunningOrders, startOrders } from './start.ts';
import { World } from './world.ts';

let stores: FreshStores;
let world: World;
let orders: RunningOrders;
let key = 0;

before(async () => {
  stores = await freshStores();
  world = new World();
  orders = await startOrders({ ...stores.env, ORDERS_PAYMENT_ACTION_MS: '1500' }, world.commands);
});
after(async () => {
  await orders?.stop();
  await stores?.drop();
});
afterEach(() => {
  world.before = () => {};
  world.after = () => {};
});

const ada = buyer('ada');
const newKey = () => `key-${++key}-abcdef`;
const place = async (paymentMethod = 'pm_ok', basket = world.basket(ada.subject)) => {
  const answer = await orders.ask(ada, PLACE, {
    input: { idempotencyKey: newKey(), paymentMethod, ...basket },
  });
  assert.equal(answer.errors, undefined, JSON.stringify(answer.errors));
  return { ...answer.data.placeOrder, basket };
};
const cancel = async (orderId: string, more: Record<string, unknown> = {}, caller = ada) => {
  const answer = await orders.ask(caller, CANCEL, { input: { idempotencyKey: newKey(), orderId, ...more } });
  return answer.data.cancelOrder;
};
const status = async (id: string) => {
  const { data } = await orders.ask(ada, 'query($id: ID!) { order(id: $id) { status } }', { id });
  return data.order.status as string;
};
/** Nothing is charged, nothing is held, the cart is as it was. */
const assertUndone = (orderId: string, basket: { cartId: string }) => {
  const payment = world.payments.get(orderId);
  assert.ok(!payment || ['VOIDED', 'REFUNDED', 'DECLINED'].includes(payment.status), payment?.status);
  assert.ok(
    ['released', 'restocked', undefined].includes(world.held.get(orderId)?.state),
    world.held.get(orderId)?.state,
  );
  const cart = world.carts.get(basket.cartId)!;
  assert.equal(cart.frozenFor, undefined);
  assert.ok(cart.lines.length > 0);
};
const fail = (command: string, times: number, when: 'before' | 'after' = 'before') => {
  let left = times;
  world[when] = (name) => {
    if (name === command && left-- > 0) throw new Error(`${command} fails`);
  };
};

test('a declined card: the stock is free again, the cart is as it was, the answer says why', async () => {
  const from = world.sent.length;
  const { order, errors, basket } = await place('pm_declined');
  assert.equal(order.status, 'CANCELLED');
  assert.deepEqual([errors[0].__typename, errors[0].declineCode], ['PaymentDeclined', 'insufficient_funds']);
  assert.equal(order.failure.code, 'PAYMENT_DECLINED');
  assertUndone(order.id, basket);
  assert.deepEqual(world.sent.slice(from).slice(-3), ['authorisePayment', 'releaseStock', 'releaseCart']);
  await until(() =>
    orders.published.some(({ type, subject }) => type === 'OrderCancelled.v1' && subject === order.id),
  );
  const told = orders.published.find(
    ({ type, subject }) => type === 'OrderCancelled.v1' && subject === order.id,
  )!;
  assert.deepEqual(told.data, {
    orderId: order.id,
    userId: ada.subject,
    region: 'eu',
    reason: 'PAYMENT_DECLINED',
  });
});

test('stock that goes between the check and the hold: refused, nothing paid', async () => {
  const basket = world.basket(ada.subject, [{ sku: 'sku_last', quantity: 1 }]);
  world.before = (command) => {
    if (command === 'reserveStock') world.stock.set('sku_last', 0);
  };
  const { order, errors } = await place('pm_ok', basket);
  assert.equal(order.status, 'CANCELLED');
  assert.deepEqual(
    [errors[0].__typename, errors[0].sku, errors[0].available],
    ['InsufficientStock', 'sku_last', 0],
  );
  assert.equal(world.payments.get(order.id), undefined);
  assertUndone(order.id, basket);
});

test('a price that changes between the check and the lock: refused with the new quote, the hold is released', async () => {
  const basket = world.basket(ada.subject);
  world.before = (command) => {
    if (command === 'lockQuote') world.quotes.get(basket.quoteId)!.current = false;
  };
  const { order, errors } = await place('pm_ok', basket);
  assert.deepEqual(
    [order.status, errors[0].__typename, errors[0].quote.id],
    ['CANCELLED', 'PriceChanged', 'quo_eu_newer'],
  );
  assertUndone(order.id, basket);
});

test('stock that vanished after the payment: the payment goes back before the stock', async () => {
  const from = world.sent.length;
  world.before = (command, { orderId }) => {
    if (command === 'confirmStock') world.held.delete(orderId);
  };
  const { order, errors, basket } = await place();
  assert.deepEqual([order.status, errors[0].__typename], ['CANCELLED', 'InsufficientStock']);
  assert.equal(world.payments.get(order.id)?.status, 'REFUNDED');
  assertUndone(order.id, basket);
  assert.deepEqual(world.sent.slice(from).slice(-3), ['voidPayment', 'releaseStock', 'releaseCart']);
});

for (const command of [
  'lockQuote',
  'reserveStock',
  'authorisePayment',
  'capturePayment',
  'confirmStock',
  'completeCart',
]) {
  for (const when of ['before', 'after'] as const) {
    test(`${command} without an answer (${when} it was done) is asked again: one order, one charge`, async () => {
      fail(command, 2, when);
      const { order, errors } = await place();
      assert.deepEqual([order.status, errors], ['CONFIRMED', []]);
      const payment = world.payments.get(order.id)!;
      assert.deepEqual([payment.holds, payment.captures, payment.status], [1, 1, 'CAPTURED']);
      assert.equal(world.held.get(order.id)?.state, 'sold');
    });
  }
}

test('a payment that needs the buyer: the order waits with its goods held, and goes on with the event', async () => {
  const { order, errors } = await place('pm_action');
  assert.equal(order.status, 'AWAITING_PAYMENT');
  assert.deepEqual(
    [errors[0].__typename, errors[0].url, errors[0].clientSecret],
    ['PaymentActionRequired', 'http://bank.test/', 'secret'],
  );
  assert.equal(world.held.get(order.id)?.state, 'held');
  Object.assign(world.payments.get(order.id)!, { status: 'AUTHORISED', holds: 1 });
  const head = {
    specversion: '1.0',
    source: 'aisle/payments',
    subject: order.id,
    time: new Date().toISOString(),
  } as const;
  const event = {
    ...head,
    id: 'evt_eu_1',
    type: 'PaymentAuthorised.v1',
    datacontenttype: 'application/json',
    version: 1,
    data: { orderId: order.id },
  } as const;
  await Promise.all([orders.deliver(event), orders.deliver(event)]);
  await until(async () => (await status(order.id)) === 'CONFIRMED');
  await orders.deliver(event);
  assert.equal(world.payments.get(order.id)?.captures, 1);
});

test('a buyer who cannot confirm: refused with the bank’s code', async () => {
  const { order, basket } = await place('pm_action');
  const head = {
    specversion: '1.0',
    source: 'aisle/payments',
    subject: order.id,
    time: new Date().toISOString(),
  } as const;
  const data = { orderId: order.id, code: 'authentication_failed' };
  await orders.deliver({
    ...head,
    id: 'evt_eu_2',
    type: 'PaymentFailed.v1',
    datacontenttype: 'application/json',
    version: 1,
    data,
  });
  await until(async () => (await status(order.id)) === 'CANCELLED');
  assertUndone(order.id, basket);
});

test('a buyer who never comes back: at the deadline everything is given back', async () => {
  const { order, basket } = await place('pm_action');
  await until(async () => (await status(order.id)) === 'CANCELLED', { ms: 8_000 });
  assertUndone(order.id, basket);
  const { data } = await orders.ask(ada, 'query($id: ID!) { order(id: $id) { failure { code } } }', {
    id: order.id,
  });
  assert.equal(data.order.failure.code, 'PAYMENT_DECLINED');
});

test('a lost message of the bank costs nothing: at the deadline the payment is asked for once more', async () => {
  const { order } = await place('pm_action');
  Object.assign(world.payments.get(order.id)!, { status: 'AUTHORISED', holds: 1 });
  await until(async () => (await status(order.id)) === 'CONFIRMED', { ms: 8_000 });
  assert.equal(world.payments.get(order.id)?.captures, 1);
});

test('a payment the provider has not decided is asked for again', async () => {
  const placing = place('pm_pending');
  const [id, payment] = await until(() =>
    [...world.payments].find(([, { status: now }]) => now === 'PENDING'),
  );
  Object.assign(payment, { status: 'AUTHORISED', holds: 1 });
  const { order } = await placing;
  assert.deepEqual([order.id, order.status], [id, 'CONFIRMED']);
});

test('cancelling a paid order gives money and goods back, once, however often it is asked', async () => {
  const { order, basket } = await place();
  const before = world.stock.get('sku_apple')!;
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => cancel(order.id, { reason: 'changed my mind' })),
  );
  for (const answer of answers) assert.deepEqual([answer.order.status, answer.errors], ['CANCELLED', []]);
  assert.equal(answers[0].order.cancelReason, 'changed my mind');
  assert.equal(world.payments.get(order.id)?.status, 'REFUNDED');
  assert.equal(world.held.get(order.id)?.state, 'restocked');
  assert.equal(world.stock.get('sku_apple'), before + 2);
  assert.equal(world.carts.get(basket.cartId)?.frozenFor, undefined);
  const cancelled = () =>
    orders.published.filter(({ type, subject }) => type === 'OrderCancelled.v1' && subject === order.id);
  await until(() => cancelled().length === 1);
});

test('cancelling an order that waits for its buyer turns it round', async () => {
  const { order, basket } = await place('pm_action');
  const answer = await cancel(order.id);
  assert.deepEqual([answer.order.status, answer.errors], ['CANCELLED', []]);
  assertUndone(order.id, basket);
});

test('cancelling: foreign, unknown and other regions’ orders are not found; versions and keys are kept', async () => {
  const { order } = await place();
  const eve = buyer('eve');
  for (const [id, caller] of [
    [order.id, eve],
    ['ord_eu_unknown', ada],
    ['ord_us_unknown', ada],
    ['nonsense', ada],
    ['x'.repeat(300), ada],
  ] as const) {
    const { order: none, errors } = await cancel(id, {}, caller);
    assert.deepEqual([none, errors[0].__typename], [null, 'NotFound'], id);
  }
  assert.equal(
    (await cancel(order.id, { expectedVersion: order.version - 1 })).errors[0].__typename,
    'VersionConflict',
  );
  assert.equal((await cancel(order.id, { reason: 'x'.repeat(501) })).errors[0].__typename, 'InvalidInput');
  assert.equal(await status(order.id), 'CONFIRMED');
  const idempotencyKey = newKey();
  const once = await cancel(order.id, { idempotencyKey, expectedVersion: order.version });
  assert.deepEqual(await cancel(order.id, { idempotencyKey, expectedVersion: order.version }), once);
  assert.equal(
    (await cancel(order.id, { idempotencyKey, reason: 'other' })).errors[0].__typename,
    'IdempotencyKeyReused',
  );
});

test('one key for two orders, cancelled at once in two processes: one is, the other is told that the key is taken', async () => {
  const other = await startOrders(stores.env, world.commands);
  try {
    for (let round = 0; round < 8; round++) {
      const placed = [(await place()).order.id, (await place()).order.id];
      const idempotencyKey = newKey();
      const answers = await Promise.all(
        placed.map(async (orderId, index) => {
          const answer = await [orders, other][index]!.ask(ada, CANCEL, {
            input: { idempotencyKey, orderId },
          });
          return answer.data.cancelOrder;
        }),
      );
      const statuses = await Promise.all(placed.map(status));
      assert.deepEqual(statuses.toSorted(), ['CANCELLED', 'CONFIRMED']);
      const refused = answers[statuses.indexOf('CONFIRMED')];
      assert.deepEqual([refused.order, refused.errors[0]?.__typename], [null, 'IdempotencyKeyReused']);
    }
  } finally {
    await other.stop();
  }
});

test('what cannot be given back at once is given back later, and the stuck saga can be seen', async () => {
  fail('releaseStock', 6);
  const { order, basket } = await place('pm_declined');
  await until(async () => (await status(order.id)) === 'CANCELLED', { ms: 15_000 });
  assertUndone(order.id, basket);
});
