import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  ADD,
  COMPLETE,
  change,
  FREEZE,
  GET,
  type Harness,
  orders,
  RELEASE,
  startCart,
  user,
} from './harness.ts';

let harness: Harness;
before(async () => {
  harness = await startCart();
});
after(() => harness.stop());

let count = 0;
async function filled() {
  const me = user(1_000 + count++);
  const { cart } = await change(harness, ADD, { sku: 'sku_milk', quantity: 2 }, me);
  return { me, cartId: cart.id as string, owner: me.subject, orderId: `ord_eu_order${count}` };
}
const mine = async (me: ReturnType<typeof user>) => (await harness.run(GET, {}, me)).data.cart;

test('freeze gives the lines, once an order; the cart can still be read', async () => {
  const { me, cartId, owner, orderId } = await filled();
  const first = await change(harness, FREEZE, { cartId, owner, orderId, version: 1 }, orders);
  assert.deepEqual(first.cart, { id: cartId, version: 1, lines: [{ sku: 'sku_milk', quantity: 2 }] });
  assert.deepEqual(
    (await change(harness, FREEZE, { cartId, owner, orderId, version: 1 }, orders)).cart,
    first.cart,
  );
  assert.deepEqual(
    (await change(harness, FREEZE, { cartId, owner, orderId: 'ord_eu_another' }, orders)).codes,
    ['VERSION_CONFLICT'],
  );
  const cart = await mine(me);
  assert.deepEqual([cart.checkingOut, cart.version, cart.itemCount], [true, 1, 2]);
});

test('release thaws, twice is once, another order’s release does nothing', async () => {
  const { me, cartId, owner, orderId } = await filled();
  await change(harness, FREEZE, { cartId, owner, orderId }, orders);
  await change(harness, RELEASE, { cartId, orderId: 'ord_eu_another' }, orders);
  assert.equal((await mine(me)).checkingOut, true);
  for (let i = 0; i < 2; i++)
    assert.equal(
      (await harness.run(RELEASE, { input: { cartId, orderId } }, orders)).data.releaseCart.released,
      true,
    );
  assert.equal((await mine(me)).checkingOut, false);
  assert.ok((await change(harness, FREEZE, { cartId, owner, orderId: 'ord_eu_another' }, orders)).cart);
});

test('complete empties the cart of what was bought; what was added meanwhile stays', async () => {
  const { me, cartId, owner, orderId } = await filled();
  await change(harness, FREEZE, { cartId, owner, orderId }, orders);
  await change(harness, ADD, { sku: 'sku_milk', quantity: 1 }, me);
  await change(harness, ADD, { sku: 'sku_bread', quantity: 1 }, me);
  assert.equal((await mine(me)).checkingOut, false, 'changing it thaws it');
  for (let i = 0; i < 2; i++)
    assert.equal(
      (await harness.run(COMPLETE, { input: { cartId, orderId } }, orders)).data.completeCart.completed,
      true,
    );
  const cart = await mine(me);
  assert.deepEqual(
    cart.lines.map(({ sku, quantity }: { sku: string; quantity: number }) => [sku, quantity]),
    [
      ['sku_milk', 1],
      ['sku_bread', 1],
    ],
  );
});

test('empty, foreign, unknown and changed carts are refused', async () => {
  const { cartId, owner, orderId } = await filled();
  assert.deepEqual((await change(harness, FREEZE, { cartId, owner, orderId, version: 0 }, orders)).codes, [
    'VERSION_CONFLICT',
  ]);
  assert.deepEqual((await change(harness, FREEZE, { cartId, owner: 'usr_eu_else', orderId }, orders)).codes, [
    'NOT_FOUND',
  ]);
  assert.deepEqual(
    (await change(harness, FREEZE, { cartId: cartId.replace('crt_eu', 'crt_us'), owner, orderId }, orders))
      .codes,
    ['NOT_FOUND'],
  );
  assert.deepEqual((await change(harness, FREEZE, { cartId: 'nonsense', owner, orderId }, orders)).codes, [
    'NOT_FOUND',
  ]);
  const nobody = user(9_999);
  const { id } = await mine(nobody);
  assert.deepEqual(
    (await change(harness, FREEZE, { cartId: id, owner: nobody.subject, orderId }, orders)).codes,
    ['EMPTY_CART'],
  );
});

test('a freeze that no order ends does not last', async () => {
  const { me, cartId, owner, orderId } = await filled();
  await change(harness, FREEZE, { cartId, owner, orderId }, orders);
  harness.clock.advance(16 * 60_000);
  assert.equal((await mine(me)).checkingOut, false);
  assert.ok((await change(harness, FREEZE, { cartId, owner, orderId: 'ord_eu_later' }, orders)).cart);
});

test('20 orders at once on one cart: one of them gets it', async () => {
  const { cartId, owner } = await filled();
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, n) =>
      change(harness, FREEZE, { cartId, owner, orderId: `ord_eu_race${n}` }, orders),
    ),
  );
  assert.equal(answers.filter(({ cart }) => cart).length, 1);
});

test('people may not send these commands', async () => {
  const { me, cartId, owner, orderId } = await filled();
  for (const [document, input] of [
    [FREEZE, { cartId, owner, orderId }],
    [RELEASE, { cartId, orderId }],
    [COMPLETE, { cartId, orderId }],
  ] as const)
    await assert.rejects(change(harness, document, input, me), /FORBIDDEN/);
});
