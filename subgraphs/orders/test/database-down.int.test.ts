import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type FreshStores, freshStores, until } from '../../../test/testkit/index.ts';
import { breakable } from './breakable.ts';
import { buyer, CANCEL, PLACE, type RunningOrders, startOrders } from './start.ts';
import { World } from './world.ts';

let stores: FreshStores;
let orders: RunningOrders;
let way: Awaited<ReturnType<typeof breakable>>;
const world = new World();
let key = 0;

before(async () => {
  stores = await freshStores();
  way = await breakable(stores.env.DATABASE_URL_EU!);
  const env = { ...stores.env, DATABASE_URL_EU: way.url, ORDERS_LEASE_MS: '1500' };
  orders = await startOrders(env, world.commands);
});
after(async () => {
  await orders?.stop();
  way?.cut();
  await stores?.drop();
});

const ada = buyer('ada');
const placing = (caller = ada) => ({
  input: { idempotencyKey: `down-${++key}-abcdef`, paymentMethod: 'pm_ok', ...world.basket(caller.subject) },
});

const isBack = () =>
  until(
    async () =>
      (await orders.ask(ada, '{ orders(first: 1) { pageInfo { hasNextPage } } }')).errors === undefined,
  );

test('a region’s database is down: typed refusals, nothing is bought there, other regions go on, and it comes back', async () => {
  const { order } = (await orders.ask(ada, PLACE, placing())).data.placeOrder;
  const blocked = placing();
  const payments = world.payments.size;
  way.cut();
  try {
    const { data } = await orders.ask(ada, PLACE, blocked);
    assert.deepEqual([data.placeOrder.order, data.placeOrder.errors[0].__typename], [null, 'Unavailable']);
    const cancelled = await orders.ask(ada, CANCEL, {
      input: { idempotencyKey: 'down-cancel-1', orderId: order.id },
    });
    assert.equal(cancelled.data.cancelOrder.errors[0].__typename, 'Unavailable');
    const { errors } = await orders.ask(ada, 'query($id: ID!) { order(id: $id) { id } }', { id: order.id });
    assert.equal(errors?.[0]?.extensions?.code, 'UNAVAILABLE');
    assert.equal(world.payments.size, payments);
    const american = buyer('amy', 'us');
    assert.ok((await orders.ask(american, '{ orders { edges { cursor } } }')).data);
  } finally {
    await way.mend();
  }
  await isBack();
  assert.equal((await orders.ask(ada, PLACE, blocked)).data.placeOrder.order.status, 'CONFIRMED');
});

test('it goes down in the middle of a checkout: the order ends bought, and charged once', async () => {
  const { promise: isDown, resolve: down } = Promise.withResolvers<void>();
  world.after = (command) => {
    if (command !== 'capturePayment') return;
    world.after = () => {};
    way.cut();
    down();
  };
  const variables = placing();
  const answered = orders.ask(ada, PLACE, variables);
  await isDown;
  await new Promise((resolve) => setTimeout(resolve, 800));
  await way.mend();
  const { data } = await answered;
  assert.ok(
    data.placeOrder.errors.every(({ __typename }: { __typename: string }) => __typename === 'Unavailable'),
  );
  await isBack();
  const { order } = (await orders.ask(ada, PLACE, variables)).data.placeOrder;
  assert.equal(order.status, 'CONFIRMED');
  const payment = world.payments.get(order.id)!;
  assert.deepEqual([payment.holds, payment.captures], [1, 1]);
});
