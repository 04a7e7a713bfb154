import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { type FreshStores, freshStores, until } from '../../../test/testkit/index.ts';
import { buyer, PLACE, type RunningOrders, startOrders } from './start.ts';
import { type Basket, savedBy, World } from './world.ts';

let stores: FreshStores;
let world: World;
let orders: RunningOrders;
let key = 0;

before(async () => {
  stores = await freshStores();
  world = new World();
  orders = await startOrders(stores.env, world.commands);
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
const input = (more: object, paymentMethod = 'pm_ok') => ({
  input: { idempotencyKey: `key-${++key}-abcdef`, paymentMethod, ...more },
});
const place = async (more: object, paymentMethod?: string, caller = ada) => {
  const answer = await orders.ask(caller, PLACE, input(more, paymentMethod));
  assert.equal(answer.errors, undefined, JSON.stringify(answer.errors));
  return answer.data.placeOrder;
};
const database = () => orders.platform.databases().of('eu');

test('an order is charged once, sold, split by seller to the cent, and the cart is empty', async () => {
  const lines = [
    { sku: 'sku_apple', quantity: 3 },
    { sku: 'sku_pear', quantity: 1 },
  ];
  const basket = world.basket(ada.subject, lines);
  const { order, errors } = await place(basket);
  assert.deepEqual(errors, []);
  assert.equal(order.status, 'CONFIRMED');
  assert.deepEqual(order.total, { currency: 'EUR', minor: 4 * 1_200 + 300 });
  const shares = order.sellerOrders.reduce(
    (sum: number, part: { share: { minor: number } }) => sum + part.share.minor,
    0,
  );
  assert.equal(shares + order.fee.minor, order.total.minor);
  assert.deepEqual(
    order.sellerOrders.map((part: { lines: { sku: string }[] }) => part.lines.map(({ sku }) => sku)),
    [['sku_apple'], ['sku_pear']],
  );
  const payment = world.payments.get(order.id)!;
  assert.deepEqual(
    [payment.status, payment.holds, payment.captures, payment.minor],
    ['CAPTURED', 1, 1, order.total.minor],
  );
  assert.equal(world.held.get(order.id)?.state, 'sold');
  assert.deepEqual(world.carts.get(basket.cartId)?.lines, []);
  const [row] = await database().query<Record<string, unknown>>('SELECT * FROM orders WHERE id = $1', [
    order.id,
  ]);
  assert.deepEqual([row!.status, row!.version], ['CONFIRMED', order.version]);
  await until(() => orders.published.filter(({ subject }) => subject === order.id).length === 2);
  const told = orders.published.filter(({ subject }) => subject === order.id);
  assert.deepEqual(
    told.map(({ type, version }) => [type, version]),
    [
      ['OrderPlaced.v1', 1],
      ['OrderConfirmed.v1', order.version],
    ],
  );
});

test('the steps are told in order, also those that were stored together', async () => {
  const { order } = await place(world.basket(ada.subject));
  const query = 'query($id: ID!) { order(id: $id) { progress { step status cursor at } } }';
  const { data } = await orders.ask(ada, query, { id: order.id });
  const expected = [
    'PLACED',
    'QUOTE_LOCKED',
    'STOCK_RESERVED',
    'PAYMENT_AUTHORISED',
    'PAYMENT_CAPTURED',
    'STOCK_CONFIRMED',
    'CONFIRMED',
  ];
  assert.deepEqual(
    data.order.progress.map(({ step }: { step: string }) => step),
    expected,
  );
});

test('20 at once with one key: one order, one charge, 20 equal answers', async () => {
  const variables = input(world.basket(ada.subject));
  const answers = await Promise.all(Array.from({ length: 20 }, () => orders.ask(ada, PLACE, variables)));
  const [first] = answers;
  assert.equal(first!.data.placeOrder.order.status, 'CONFIRMED');
  for (const answer of answers) assert.deepEqual(answer, first);
  const payment = world.payments.get(first!.data.placeOrder.order.id)!;
  assert.deepEqual([payment.holds, payment.captures], [1, 1]);
});

test('the same key again is the same answer; with another input it is refused', async () => {
  const variables = input(world.basket(ada.subject));
  const first = await orders.ask(ada, PLACE, variables);
  const sent = world.sent.length;
  assert.deepEqual(await orders.ask(ada, PLACE, variables), first);
  assert.equal(world.sent.length, sent, 'nothing was asked of anybody');
  const other = { input: { ...variables.input, ...world.basket(ada.subject) } };
  const { data } = await orders.ask(ada, PLACE, other);
  assert.equal(data.placeOrder.order, null);
  assert.equal(data.placeOrder.errors[0].__typename, 'IdempotencyKeyReused');
});

test('a key of one buyer means nothing to another', async () => {
  const bob = buyer('bob');
  const mine = input(world.basket(ada.subject));
  const theirs = {
    input: { ...input(world.basket(bob.subject)).input, idempotencyKey: mine.input.idempotencyKey },
  };
  const answers = [await orders.ask(ada, PLACE, mine), await orders.ask(bob, PLACE, theirs)];
  assert.deepEqual(
    answers.map(({ data }) => data.placeOrder.order.status),
    ['CONFIRMED', 'CONFIRMED'],
  );
});

for (const [what, spoil, type] of [
  [
    'an empty cart',
    ({ cartId }: Basket) => Object.assign(world.carts.get(cartId)!, { lines: [] }),
    'EmptyCart',
  ],
  [
    'a price that changed',
    ({ quoteId }: Basket) => Object.assign(world.quotes.get(quoteId)!, { current: false }),
    'PriceChanged',
  ],
  [
    'a cart that changed',
    ({ cartId }: Basket) =>
      Object.assign(world.carts.get(cartId)!, { lines: [{ sku: 'sku_apple', quantity: 9 }] }),
    'PriceChanged',
  ],
  [
    'somebody else’s cart',
    ({ cartId }: Basket) => Object.assign(world.carts.get(cartId)!, { owner: 'usr_eu_eve' }),
    'NotFound',
  ],
] as const) {
  test(`${what} is refused and nothing is stored`, async () => {
    const basket = world.basket(ada.subject);
    spoil(basket);
    const before = (await database().query('SELECT id FROM orders')).length;
    const { order, errors } = await place(basket);
    assert.equal(order, null);
    assert.equal(errors[0].__typename, type);
    if (type === 'PriceChanged') assert.match(errors[0].quote.id, /^quo_eu_new/);
    assert.equal((await database().query('SELECT id FROM orders')).length, before);
    assert.equal(world.carts.get(basket.cartId)?.frozenFor, undefined);
  });
}

for (const [field, value, type] of [
  ['cartId', 'crt_us_000001', 'NotFound'],
  ['cartId', 'nonsense', 'NotFound'],
  ['quoteId', 'quo_eu_unknown', 'NotFound'],
  ['addressId', 'adr_eu_0002', 'NotFound'],
  ['addressId', 'usr_eu_ada', 'NotFound'],
  ['paymentMethod', '4242 4242 4242 4242', 'InvalidInput'],
  ['paymentMethod', 'tok', 'InvalidInput'],
  ['paymentMethod', 'pm_4242424242424242', 'InvalidInput'],
  ['paymentMethod', savedBy('usr_eu_eve'), 'NotFound'],
  ['paymentMethod', 'pmt_us_00000001', 'NotFound'],
  ['idempotencyKey', 'short', 'InvalidInput'],
  ['idempotencyKey', 'with\nnewline\n', 'InvalidInput'],
] as const) {
  test(`${field} ${JSON.stringify(value)} is ${type}`, async () => {
    const { order, errors } = await place({ ...world.basket(ada.subject), [field]: value }, undefined);
    assert.equal(order, null);
    assert.deepEqual([errors[0].__typename, errors[0].path], [type, ['input', field]]);
  });
}

test('a withdrawn product and a variant without stock are refused before anything is stored', async () => {
  const basket = world.basket(ada.subject, [
    { sku: 'sku_gone', quantity: 1 },
    { sku: 'sku_rare', quantity: 5 },
  ]);
  world.withdrawn.add('sku_gone');
  world.stock.set('sku_rare', 2);
  const { order, errors } = await place(basket);
  assert.equal(order, null);
  assert.deepEqual(
    errors.map(({ path, code, ...rest }: Record<string, unknown>) => rest),
    [
      { __typename: 'ProductWithdrawn', sku: 'sku_gone' },
      { __typename: 'InsufficientStock', sku: 'sku_rare', available: 2 },
    ],
  );
});

test('a quote of somebody else’s cart, though it says the same, is nobody’s', async () => {
  const { quoteId } = world.basket('usr_eu_eve');
  const before = (await database().query('SELECT id FROM orders')).length;
  const { order, errors } = await place({ ...world.basket(ada.subject), quoteId });
  assert.equal(order, null);
  assert.deepEqual([errors[0].__typename, errors[0].path], ['NotFound', ['input', 'quoteId']]);
  assert.equal((await database().query('SELECT id FROM orders')).length, before);
});

test('a saved way to pay is the buyer’s own', async () => {
  const { order } = await place(world.basket(ada.subject), savedBy(ada.subject));
  assert.equal(order.status, 'CONFIRMED');
});

test('one key with different inputs at once: one order, the others are told that the key is taken', async () => {
  const basket = world.basket(ada.subject);
  const idempotencyKey = `key-${++key}-at-once`;
  const answers = await Promise.all(
    ['pm_ok', 'pm_other', 'pm_ok', 'pm_third'].map((token) => place({ ...basket, idempotencyKey }, token)),
  );
  const [first] = answers;
  assert.equal(first.order.status, 'CONFIRMED');
  assert.deepEqual(
    answers.map(({ order, errors }) => order?.id ?? errors[0].__typename),
    [first.order.id, 'IdempotencyKeyReused', first.order.id, 'IdempotencyKeyReused'],
  );
});

test('two keys on one cart at once: one order, the other is told that the cart is being bought', async () => {
  const basket = world.basket(ada.subject);
  const answers = await Promise.all([1, 2].map(() => place(basket)));
  const [bought] = answers.filter(({ order }) => order);
  const [refused] = answers.filter(({ order }) => !order);
  assert.equal(bought.order.status, 'CONFIRMED');
  const [{ __typename, path }] = refused.errors;
  assert.deepEqual([__typename, path], ['VersionConflict', ['input', 'cartId']]);
});

test('visitors and guests have to sign in', async () => {
  for (const kind of ['anonymous', 'guest'] as const) {
    const { errors } = await orders.ask({ ...ada, kind }, PLACE, input(world.basket(ada.subject)));
    assert.equal(errors?.[0]?.extensions?.code, 'UNAUTHENTICATED');
  }
});

test('another context that is down is said so, and nothing is stored', async () => {
  for (const down of ['freezeCart', 'quoteSnapshot', 'addressSnapshot', 'variantSnapshots', 'checkStock']) {
    const basket = world.basket(ada.subject);
    world.before = (command) => {
      if (command === down) throw new Error('down');
    };
    const { order, errors } = await place(basket);
    assert.deepEqual([order, errors[0].__typename], [null, 'Unavailable'], down);
    assert.equal(world.carts.get(basket.cartId)?.frozenFor, undefined);
  }
});
