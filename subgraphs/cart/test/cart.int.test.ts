import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  ADD,
  CLEAR,
  change,
  GET,
  guest,
  type Harness,
  MERGE,
  REMOVE,
  SET,
  startCart,
  user,
} from './harness.ts';

let harness: Harness;
before(async () => {
  harness = await startCart();
});
after(() => harness.stop());

let shoppers = 0;
const shopper = () => user(++shoppers);
const lines = (cart: { lines: { sku: string; quantity: number }[] }) =>
  cart.lines.map(({ sku, quantity }) => [sku, quantity]);

test('add, set, remove, clear', async () => {
  const me = shopper();
  const empty = (await harness.run(GET, {}, me)).data.cart;
  assert.deepEqual([empty.version, empty.lines, empty.quote, empty.itemCount], [0, [], null, 0]);
  const added = await change(harness, ADD, { sku: 'sku_milk', quantity: 2 }, me);
  assert.deepEqual([added.codes, added.cart.id, added.cart.version], [[], empty.id, 1]);
  assert.match(added.cart.quote.id, /^quo_/);
  await change(harness, ADD, { sku: 'sku_bread' }, me);
  await change(harness, ADD, { sku: 'sku_milk', quantity: 3 }, me);
  assert.deepEqual(lines((await harness.run(GET, {}, me)).data.cart), [
    ['sku_milk', 5],
    ['sku_bread', 1],
  ]);
  await change(harness, SET, { sku: 'sku_milk', quantity: 1 }, me);
  const removed = await change(harness, REMOVE, { sku: 'sku_bread' }, me);
  assert.deepEqual(lines(removed.cart), [['sku_milk', 1]]);
  assert.equal(
    (await change(harness, REMOVE, { sku: 'sku_bread' }, me)).cart.version,
    removed.cart.version,
    'twice is once',
  );
  assert.deepEqual(lines((await change(harness, CLEAR, null, me)).cart), []);
});

test('bad quantities are typed and change nothing', async () => {
  const me = shopper();
  await change(harness, ADD, { sku: 'sku_milk', quantity: 60 }, me);
  for (const quantity of [0, -1, 100, 2_147_483_647]) {
    assert.deepEqual((await change(harness, ADD, { sku: 'sku_bread', quantity }, me)).codes, [
      'INVALID_INPUT',
    ]);
    assert.deepEqual((await change(harness, SET, { sku: 'sku_milk', quantity }, me)).codes, [
      'INVALID_INPUT',
    ]);
  }
  assert.deepEqual((await change(harness, ADD, { sku: 'sku_milk', quantity: 40 }, me)).codes, ['CART_FULL']);
  assert.deepEqual((await change(harness, SET, { sku: 'sku_none', quantity: 4 }, me)).codes, ['NOT_FOUND']);
  assert.deepEqual(lines((await harness.run(GET, {}, me)).data.cart), [['sku_milk', 60]]);
});

test('a cart holds 100 lines', async () => {
  const me = shopper();
  for (let n = 0; n < 100; n++)
    assert.deepEqual((await change(harness, ADD, { sku: `sku_many${n}`, quantity: 1 }, me)).codes, []);
  assert.deepEqual((await change(harness, ADD, { sku: 'sku_onemore', quantity: 1 }, me)).codes, [
    'CART_FULL',
  ]);
  assert.deepEqual((await change(harness, ADD, { sku: 'sku_many5', quantity: 1 }, me)).codes, []);
});

test('what cannot be bought cannot be added', async () => {
  const me = shopper();
  const { world } = harness;
  world.withdrawn.add('sku_gone');
  world.stock.set('sku_fewer', 3);
  world.unpriced.add('sku_unpriced');
  for (const sku of [
    'sku_unknown1',
    '',
    'sku_',
    'prd_00000001',
    'SKU_FEW',
    "'; --",
    '\u0000',
    `sku_${'x'.repeat(5_000)}`,
  ])
    assert.deepEqual((await change(harness, ADD, { sku, quantity: 1 }, me)).codes, ['NOT_FOUND'], sku);
  assert.deepEqual((await change(harness, ADD, { sku: 'sku_gone', quantity: 1 }, me)).codes, [
    'PRODUCT_WITHDRAWN',
  ]);
  assert.deepEqual((await change(harness, ADD, { sku: 'sku_unpriced', quantity: 1 }, me)).codes, [
    'NOT_SOLD_HERE',
  ]);
  await change(harness, ADD, { sku: 'sku_fewer', quantity: 2 }, me);
  const short = await change(harness, ADD, { sku: 'sku_fewer', quantity: 2 }, me);
  assert.deepEqual(short.errors, [
    {
      __typename: 'InsufficientStock',
      code: 'INSUFFICIENT_STOCK',
      message: 'There are only 3 left.',
      path: ['input', 'quantity'],
      sku: 'sku_fewer',
      available: 3,
    },
  ]);
  assert.deepEqual((await change(harness, SET, { sku: 'sku_fewer', quantity: 4 }, me)).codes, [
    'INSUFFICIENT_STOCK',
  ]);
  world.stock.set('sku_fewer', 0);
  assert.deepEqual(
    (await change(harness, SET, { sku: 'sku_fewer', quantity: 1 }, me)).codes,
    [],
    'fewer is always possible',
  );
  assert.deepEqual(lines((await harness.run(GET, {}, me)).data.cart), [['sku_fewer', 1]]);
});

test('when another context is down nothing is added, and what needs nobody still works', async () => {
  const me = shopper();
  await change(harness, ADD, { sku: 'sku_milk', quantity: 2 }, me);
  for (const context of ['catalogue', 'inventory', 'pricing']) {
    harness.world.down.add(context);
    assert.deepEqual((await change(harness, ADD, { sku: 'sku_bread', quantity: 1 }, me)).codes, [
      'UNAVAILABLE',
    ]);
    harness.world.down.delete(context);
  }
  harness.world.down.add('inventory').add('catalogue');
  assert.deepEqual((await change(harness, SET, { sku: 'sku_milk', quantity: 1 }, me)).codes, []);
  harness.world.down.clear();
  assert.deepEqual(lines((await harness.run(GET, {}, me)).data.cart), [['sku_milk', 1]]);
});

test('two tabs at once lose no line', async () => {
  const me = shopper();
  const skus = Array.from({ length: 30 }, (_, n) => `sku_tab${n}`);
  const answers = await Promise.all(skus.map((sku) => change(harness, ADD, { sku, quantity: 1 }, me)));
  assert.ok(answers.every(({ codes }) => codes.length === 0));
  const { cart } = (await harness.run(GET, {}, me)).data;
  assert.deepEqual([cart.lines.length, cart.version], [30, 30]);
});

test('a version that is not the current one is a conflict', async () => {
  const me = shopper();
  await change(harness, ADD, { sku: 'sku_milk', quantity: 1 }, me);
  await change(harness, ADD, { sku: 'sku_milk', quantity: 1 }, me);
  const { errors } = await change(harness, SET, { sku: 'sku_milk', quantity: 5, expectedVersion: 1 }, me);
  assert.deepEqual(
    [errors?.[0]?.code, errors?.[0]?.expected, errors?.[0]?.actual],
    ['VERSION_CONFLICT', 1, 2],
  );
  assert.deepEqual(
    (await change(harness, SET, { sku: 'sku_milk', quantity: 5, expectedVersion: 2 }, me)).codes,
    [],
  );
});

test('the quote stays while the cart and the prices do, and is made once an operation', async () => {
  const me = shopper();
  const { world } = harness;
  world.sent.length = 0;
  const { cart } = await change(harness, ADD, { sku: 'sku_milk', quantity: 1 }, me);
  assert.equal(world.sent.filter(({ to }) => to === 'pricing').length, 1);
  assert.equal((await harness.run(GET, {}, me)).data.cart.quote.id, cart.quote.id);
  world.priceState++;
  assert.notEqual((await harness.run(GET, {}, me)).data.cart.quote.id, cart.quote.id);
});

test('a guest has a cart; signing in takes it along, once', async () => {
  const [visitor, me] = [guest(1), shopper()];
  await change(harness, ADD, { sku: 'sku_milk', quantity: 60 }, visitor);
  const { cart: guestCart } = await change(harness, ADD, { sku: 'sku_bread', quantity: 1 }, visitor);
  await change(harness, ADD, { sku: 'sku_milk', quantity: 50 }, me);
  const input = { guestCartId: guestCart.id, mergeKey: guestCart.mergeKey };
  const merged = await change(harness, MERGE, input, me);
  assert.deepEqual(lines(merged.cart), [
    ['sku_milk', 99],
    ['sku_bread', 1],
  ]);
  assert.equal(merged.cart.mergeKey, null);
  assert.deepEqual(lines((await change(harness, MERGE, input, me)).cart), [
    ['sku_milk', 99],
    ['sku_bread', 1],
  ]);
  assert.deepEqual(lines((await harness.run(GET, {}, visitor)).data.cart), []);
});

test('a merge that dies halfway, after which the guest adds something, takes nothing in twice', async () => {
  const [visitor, me] = [guest(11), shopper()];
  const { cart } = await change(harness, ADD, { sku: 'sku_milk', quantity: 2 }, visitor);
  const input = { guestCartId: cart.id, mergeKey: cart.mergeKey };
  const carts = harness.ports.carts as { save: typeof harness.ports.carts.save };
  const { save } = carts;
  carts.save = async (next, ...rest) => {
    if (next.id === cart.id) throw new Error('killed');
    return save(next, ...rest);
  };
  await assert.rejects(change(harness, MERGE, input, me), /INTERNAL/);
  carts.save = save;
  assert.deepEqual(lines((await harness.run(GET, {}, me)).data.cart), [['sku_milk', 2]]);
  await change(harness, ADD, { sku: 'sku_bread', quantity: 1 }, visitor);
  for (let i = 0; i < 2; i++)
    assert.deepEqual(lines((await change(harness, MERGE, input, me)).cart), [
      ['sku_milk', 2],
      ['sku_bread', 1],
    ]);
  assert.deepEqual(lines((await harness.run(GET, {}, visitor)).data.cart), []);
  await change(harness, ADD, { sku: 'sku_milk', quantity: 3 }, visitor);
  assert.deepEqual(lines((await change(harness, MERGE, input, me)).cart), [
    ['sku_milk', 5],
    ['sku_bread', 1],
  ]);
});

test('nobody takes a cart whose key they do not know, nor a user’s cart', async () => {
  const [visitor, me] = [guest(2), shopper()];
  const { cart: guestCart } = await change(harness, ADD, { sku: 'sku_milk', quantity: 1 }, visitor);
  const { cart: otherCart } = await change(harness, ADD, { sku: 'sku_milk', quantity: 1 }, shopper());
  for (const input of [
    { guestCartId: guestCart.id, mergeKey: 'guessed' },
    { guestCartId: guestCart.id, mergeKey: '' },
    { guestCartId: otherCart.id, mergeKey: '' },
    { guestCartId: 'crt_eu_0000000000', mergeKey: guestCart.mergeKey },
    { guestCartId: 'nonsense', mergeKey: guestCart.mergeKey },
  ])
    assert.deepEqual((await change(harness, MERGE, input, me)).codes, ['NOT_FOUND']);
  await assert.rejects(
    change(harness, MERGE, { guestCartId: guestCart.id, mergeKey: guestCart.mergeKey }, guest(3)),
    /UNAUTHENTICATED/,
  );
  assert.deepEqual(lines((await harness.run(GET, {}, visitor)).data.cart), [['sku_milk', 1]]);
});

test('a cart is its owner’s alone, by _entities too', async () => {
  const [me, other] = [shopper(), shopper()];
  const { cart } = await change(harness, ADD, { sku: 'sku_milk', quantity: 1 }, me);
  const query =
    'query ($refs: [_Any!]!) { _entities(representations: $refs) { ... on Cart { id lines { sku } } } }';
  const refs = [{ __typename: 'Cart', id: cart.id }];
  assert.equal((await harness.run(query, { refs }, me)).data._entities[0].id, cart.id);
  for (const stranger of [
    other,
    guest(9),
    { ...me, subject: 'usr_eu_else', region: 'us' as const },
    undefined,
    { ...me, kind: 'service' as const },
  ])
    assert.deepEqual((await harness.run(query, { refs }, stranger)).data._entities, [null]);
  assert.equal((await harness.run(GET)).data.cart, null);
  assert.equal(
    (await harness.run(ADD, { input: { sku: 'sku_milk' } })).errors?.[0].extensions.code,
    'UNAUTHENTICATED',
  );
});

test('a lost Redis loses no cart', async () => {
  const me = shopper();
  await change(harness, ADD, { sku: 'sku_milk', quantity: 2 }, me);
  const redis = await harness.subgraph.platform.redis();
  await redis.flushDb();
  assert.deepEqual(lines((await harness.run(GET, {}, me)).data.cart), [['sku_milk', 2]]);
  assert.deepEqual(lines((await change(harness, ADD, { sku: 'sku_bread', quantity: 1 }, me)).cart), [
    ['sku_milk', 2],
    ['sku_bread', 1],
  ]);
});

test('an outdated copy in Redis is overruled by the newer row', async () => {
  const me = shopper();
  const { cart } = await change(harness, ADD, { sku: 'sku_milk', quantity: 2 }, me);
  const redis = await harness.subgraph.platform.redis();
  const [key] = (await redis.keys(`*${cart.id}`)) as string[];
  const copy = await redis.hGetAll(key!);
  await change(harness, ADD, { sku: 'sku_bread', quantity: 1 }, me);
  await redis.hSet(key!, copy as Record<string, string>);
  const { cart: next } = await change(harness, ADD, { sku: 'sku_eggs', quantity: 1 }, me);
  assert.deepEqual(lines(next), [
    ['sku_milk', 2],
    ['sku_bread', 1],
    ['sku_eggs', 1],
  ]);
});
