import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Caller } from '@aisle/platform/identity';
import { type FreshStores, freshStores, until } from '../../../test/testkit/index.ts';
import { startChild } from './child-orders.ts';
import { type Answer, buyer, PLACE, type RunningOrders, startOrders } from './start.ts';
import { World } from './world.ts';

let stores: FreshStores;
let world: World;
let orders: RunningOrders;
let key = 0;

before(async () => {
  stores = await freshStores();
  world = new World();
  world.stock.set('sku_apple', 1_000_000);
  orders = await startOrders(stores.env, world.commands);
});
after(async () => {
  await orders?.stop();
  await stores?.drop();
});

const STEPS = [
  'PLACED',
  'QUOTE_LOCKED',
  'STOCK_RESERVED',
  'PAYMENT_AUTHORISED',
  'PAYMENT_CAPTURED',
  'STOCK_CONFIRMED',
  'CONFIRMED',
];
const FOLLOW = `subscription Follow($orderId: ID, $after: String) {
  orderProgress(orderId: $orderId, after: $after) { cursor orderId step status order { id status } } }`;
const input = (caller: Caller) => ({
  idempotencyKey: `key-${++key}-abcdef`,
  paymentMethod: 'pm_ok',
  ...world.basket(caller.subject),
});
const place = async (caller: Caller) => {
  const { data, errors } = await orders.ask(caller, PLACE, { input: input(caller) });
  assert.equal(errors, undefined);
  return data.placeOrder.order;
};

const progress = async (caller: Caller, id: string): Promise<unknown[]> =>
  (await orders.ask(caller, 'query($id: ID!) { order(id: $id) { progress { step } } }', { id })).data.order
    .progress;

interface Step {
  readonly cursor: string;
  readonly orderId: string;
  readonly step: string;
  readonly order: { readonly status: string };
}

/** Collects steps in the background until it is closed. */
async function collect(caller: Caller, variables: Record<string, unknown> = {}) {
  const stream = await orders.follow(caller, FOLLOW, variables);
  const steps: Step[] = [];
  const errors: Answer['errors'][] = [];
  const reading = (async () => {
    for await (const event of stream as AsyncIterable<Answer>) {
      if (event.errors) errors.push(event.errors);
      else steps.push(event.data.orderProgress);
    }
  })();
  const close = async () => {
    await stream.return?.();
    await reading;
  };
  return { steps, errors, close };
}

test('who subscribes after the cursor of now gets all steps from then on; one order is told from its beginning anyway', async () => {
  const ada = buyer('from-now');
  await place(ada);
  const CURSOR = 'query ($orderId: ID) { orderProgressCursor(orderId: $orderId) }';
  const { data } = await orders.ask(ada, CURSOR, {});
  const mine = await place(ada);
  const live = await collect(ada, { after: data.orderProgressCursor });
  await until(() => live.steps.some(({ step, orderId }) => step === 'CONFIRMED' && orderId === mine.id));
  const own = live.steps.filter(({ orderId }) => orderId === mine.id).map(({ step }) => step);
  assert.deepEqual(own, STEPS);
  await live.close();
  assert.equal((await orders.ask(ada, CURSOR, { orderId: mine.id })).data.orderProgressCursor, null);
});

test('all steps of all of a buyer’s orders come live, and nobody else’s', async () => {
  const [ada, bob] = [buyer('live'), buyer('other')];
  const live = await collect(ada);
  const mine = await place(ada);
  await place(bob);
  await until(() => live.steps.length === STEPS.length);
  assert.deepEqual(
    live.steps.map(({ step }) => step),
    STEPS,
  );
  assert.ok(live.steps.every(({ orderId }) => orderId === mine.id));
  assert.equal(live.steps.at(-1)?.order.status, 'CONFIRMED');
  await live.close();
});

test('one order is told from its first step on, also when it is long over', async () => {
  const ada = buyer('late');
  const order = await place(ada);
  await place(ada);
  const told = await collect(ada, { orderId: order.id });
  await until(() => told.steps.length === STEPS.length);
  assert.deepEqual(
    told.steps.map(({ step }) => step),
    STEPS,
  );
  await told.close();
});

test('a stream that is cut at any step goes on after its cursor: no gap, none twice', async () => {
  const ada = buyer('cut');
  const first = await collect(ada);
  await Promise.all([place(ada), place(ada), place(ada)]);
  await until(() => first.steps.length === 3 * STEPS.length);
  await first.close();
  const all = first.steps.map(({ cursor }) => cursor);
  assert.equal(new Set(all).size, all.length);
  for (let cut = 0; cut < all.length; cut += 4) {
    const rest = await collect(ada, { after: all[cut] });
    await until(() => rest.steps.length === all.length - cut - 1);
    assert.deepEqual(
      rest.steps.map(({ cursor }) => cursor),
      all.slice(cut + 1),
    );
    await rest.close();
  }
});

test('under load, with streams cut and resumed all the time, every step comes exactly once', async () => {
  const ada = buyer('load');
  const seen: string[] = [];
  let stopped = false;
  const { promise: isWatching, resolve: watches } = Promise.withResolvers<void>();
  const watching = (async () => {
    let after: string | undefined;
    while (!stopped) {
      const stream = await collect(ada, { after });
      watches();
      const wanted = 1 + Math.floor(Math.random() * 20);
      await until(() => stream.steps.length >= wanted || stopped, { ms: 20_000 });
      await stream.close();
      seen.push(...stream.steps.map(({ cursor }) => cursor));
      after = seen.at(-1) ?? after;
    }
    const last = await collect(ada, { after });
    await until(() => seen.length + last.steps.length >= 40 * STEPS.length, { ms: 10_000 });
    await last.close();
    seen.push(...last.steps.map(({ cursor }) => cursor));
  })();
  // Without a cursor a stream of all orders begins now, so it has to be there before the first order is.
  await isWatching;
  for (let round = 0; round < 5; round++) await Promise.all(Array.from({ length: 8 }, () => place(ada)));
  stopped = true;
  await watching;
  const stored = await orders.platform
    .databases()
    .of('eu')
    .query<{ n: number }>('SELECT count(*)::int AS n FROM order_progress WHERE user_id = $1', [ada.subject]);
  assert.equal(stored[0]!.n, 40 * STEPS.length);
  assert.equal(new Set(seen).size, seen.length, 'none twice');
  assert.equal(seen.length, stored[0]!.n, 'none missed');
});

test('a transaction that began earlier and commits later is not skipped', async () => {
  const ada = buyer('slow');
  const stream = await collect(ada);
  const database = orders.platform.databases().of('eu');
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const insert = `INSERT INTO order_progress (order_id, user_id, step, status, at) VALUES ('ord_eu_slow', $1, 'PLACED', 'PENDING', now())`;
  const { promise: isInserted, resolve: inserted } = Promise.withResolvers<void>();
  const slow = database.transaction(async (tx) => {
    await tx.query(insert, [ada.subject]);
    inserted();
    await held;
  });
  await isInserted;
  const order = await place(ada);
  await until(async () => (await progress(ada, order.id)).length === STEPS.length);
  assert.equal(stream.steps.length, 0, 'what came after it has to wait');
  release();
  await slow;
  // The slow one's order does not exist, so its event is an error; it comes first all the same.
  await until(() => stream.steps.length === STEPS.length && stream.errors.length === 1);
  assert.ok(stream.steps.every(({ orderId }) => orderId === order.id));
  await stream.close();
});

test('steps of another process come live too', async () => {
  const ada = buyer('far');
  const live = await collect(ada);
  const child = await startChild(stores.env, world);
  const { order } = await child.ask('placeOrder', ada, input(ada));
  await until(() => live.steps.length === STEPS.length);
  assert.ok(live.steps.every(({ orderId }) => orderId === order.id));
  await live.close();
  await child.stop();
});

test('foreign orders, foreign cursors and visitors are refused', async () => {
  const ada = buyer('mine');
  const order = await place(ada);
  const refusal = async (caller: Caller, variables: Record<string, unknown>) => {
    const stream = await orders.follow(caller, FOLLOW, variables);
    const { value } = await stream.next();
    await stream.return?.();
    return (value as Answer).errors?.[0]?.extensions?.code;
  };
  assert.equal(await refusal(buyer('eve'), { orderId: order.id }), 'NOT_FOUND');
  assert.equal(await refusal(ada, { orderId: 'ord_eu_none' }), 'NOT_FOUND');
  for (const orderId of ['nonsense', '', 'a\u0000b'])
    assert.equal(await refusal(ada, { orderId }), 'NOT_FOUND');
  assert.equal(await refusal(ada, { after: 'nonsense' }), 'BAD_USER_INPUT');
  const american = Buffer.from('us.1.1').toString('base64url');
  assert.equal(await refusal(ada, { after: american }), 'BAD_USER_INPUT');
  assert.equal(await refusal({ ...ada, kind: 'guest' }, {}), 'UNAUTHENTICATED');
});
