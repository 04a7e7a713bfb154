import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  ADD,
  CLEAR,
  COMPLETE,
  change,
  FREEZE,
  GET,
  guest,
  type Harness,
  MERGE,
  orders,
  SET,
  startCart,
  user,
} from './harness.ts';

/** Two instances of the context on the same stores: each remembers carts that the other changes. */
let one: Harness;
let two: Harness;
before(async () => {
  one = await startCart();
  two = await startCart(one);
});
after(async () => {
  await two.stop();
  await one.stop();
});

const quantities = async (harness: Harness, me: ReturnType<typeof user>) =>
  (await harness.run(GET, {}, me)).data.cart.lines.map(
    ({ sku, quantity }: { sku: string; quantity: number }) => [sku, quantity],
  );

test('tabs at two instances at once lose no line', async () => {
  const me = user(1);
  const adds = Array.from({ length: 20 }, (_, n) =>
    change(n % 2 === 0 ? one : two, ADD, { sku: `sku_two${n}`, quantity: 1 }, me),
  );
  assert.deepEqual(
    (await Promise.all(adds)).flatMap(({ codes }) => codes),
    [],
  );
  assert.equal((await quantities(one, me)).length, 20);
  assert.deepEqual(await quantities(one, me), await quantities(two, me));
});

test('a guest’s lines are taken in once, though both instances merge while the guest goes on adding', async () => {
  for (let round = 0; round < 6; round++) {
    const [visitor, me] = [guest(100 + round), user(100 + round)];
    const { cart } = await change(one, ADD, { sku: 'sku_milk', quantity: 2 }, visitor);
    const merge = (harness: Harness) =>
      change(harness, MERGE, { guestCartId: cart.id, mergeKey: cart.mergeKey }, me);
    const add = (harness: Harness, sku: string) => change(harness, ADD, { sku, quantity: 1 }, visitor);
    await Promise.all([
      ...[merge(one), add(two, 'sku_bread'), merge(two)],
      ...[add(one, 'sku_eggs'), merge(two), merge(one)],
    ]);
    await merge(one);
    assert.deepEqual((await quantities(one, me)).toSorted(), [
      ['sku_bread', 1],
      ['sku_eggs', 1],
      ['sku_milk', 2],
    ]);
    assert.deepEqual(await quantities(two, visitor), []);
  }
});

test('a copy that could not be renewed is not believed, after a restart neither', async () => {
  const me = user(3);
  const { cart } = await change(one, ADD, { sku: 'sku_milk', quantity: 2 }, me);
  const redis = await one.subgraph.platform.redis();
  const [key] = (await redis.keys(`*${cart.id}`)) as string[];
  const outdated = (await redis.hGetAll(key!)) as Record<string, string>;
  await change(one, ADD, { sku: 'sku_bread', quantity: 1 }, me);
  // As if the second change had found no Redis, and the process that knew of it had ended.
  await redis.hSet(key!, outdated);
  const three = await startCart(one);
  try {
    for (const instance of [three, one])
      assert.deepEqual(await quantities(instance, me), [
        ['sku_milk', 2],
        ['sku_bread', 1],
      ]);
  } finally {
    await three.subgraph.stop();
  }
});

test('what one instance remembers is never what the other has overruled', async () => {
  const me = user(2);
  await change(one, ADD, { sku: 'sku_milk', quantity: 5 }, me);
  await change(two, ADD, { sku: 'sku_milk', quantity: 5 }, me);
  assert.deepEqual(await quantities(one, me), [['sku_milk', 10]]);
  await change(one, SET, { sku: 'sku_milk', quantity: 3 }, me);
  const { cart } = await change(two, CLEAR, null, me);
  const input = { cartId: cart.id, owner: me.subject, orderId: 'ord_eu_two1' };
  assert.deepEqual((await change(one, FREEZE, input, orders)).codes, ['EMPTY_CART']);
  await change(one, ADD, { sku: 'sku_milk', quantity: 99 }, me);
  await change(two, SET, { sku: 'sku_milk', quantity: 1 }, me);
  assert.deepEqual((await change(one, ADD, { sku: 'sku_milk', quantity: 1 }, me)).codes, []);
  const frozen = await change(two, FREEZE, input, orders);
  assert.deepEqual(frozen.cart.lines, [{ sku: 'sku_milk', quantity: 2 }]);
  assert.deepEqual((await change(one, FREEZE, { ...input, orderId: 'ord_eu_two2' }, orders)).codes, [
    'VERSION_CONFLICT',
  ]);
  await one.run(COMPLETE, { input: { cartId: cart.id, orderId: input.orderId } }, orders);
  assert.deepEqual(await quantities(two, me), []);
});
