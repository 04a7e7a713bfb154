import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createEvent } from '@aisle/platform/bus';
import { until } from '../../../test/testkit/index.ts';
import { readCartConfig } from '../config.ts';
import { sweepAbandoned } from '../store/background.ts';
import { ADD, CLEAR, change, FREEZE, type Harness, orders, startCart, user } from './harness.ts';

const SUBSCRIBE = `subscription ($after: String) { cartChanged(after: $after) { cursor kind withdrawnSkus at cart { id version lines { sku quantity } } } }`;

let harness: Harness;
before(async () => {
  harness = await startCart();
});
after(() => harness.stop());

interface Change {
  cursor: string;
  kind: string;
  withdrawnSkus: string[];
  cart: { version: number };
}

async function take(
  events: AsyncIterator<{ data?: Record<string, unknown> | null }>,
  count: number,
): Promise<Change[]> {
  const taken: Change[] = [];
  while (taken.length < count)
    taken.push(JSON.parse(JSON.stringify((await events.next()).value)).data.cartChanged);
  return taken;
}

test('each change of the own cart, and of no other, is told', async () => {
  const [me, other] = [user(1), user(2)];
  const events = await harness.subscribe(SUBSCRIBE, {}, me);
  await change(harness, ADD, { sku: 'sku_milk', quantity: 1 }, other);
  const { cart } = await change(harness, ADD, { sku: 'sku_milk', quantity: 1 }, me);
  await change(harness, FREEZE, { cartId: cart.id, owner: me.subject, orderId: 'ord_eu_live1' }, orders);
  await change(harness, CLEAR, null, me);
  assert.deepEqual(
    (await take(events, 3)).map(({ kind }) => kind),
    ['LINES_CHANGED', 'CHECKOUT_STARTED', 'LINES_CHANGED'],
  );
  await events.return?.();
});

test('a cursor resumes without gap or duplicate', async () => {
  const me = user(3);
  const first = await harness.subscribe(SUBSCRIBE, {}, me);
  for (let n = 0; n < 3; n++) await change(harness, ADD, { sku: 'sku_milk', quantity: 1 }, me);
  const seen = await take(first, 2);
  await first.return?.();
  for (let n = 0; n < 3; n++) await change(harness, ADD, { sku: 'sku_milk', quantity: 1 }, me);
  const second = await harness.subscribe(SUBSCRIBE, { after: seen[1]!.cursor }, me);
  const rest = await take(second, 4);
  assert.equal(new Set([...seen, ...rest].map(({ cursor }) => cursor)).size, 6);
  assert.equal(rest.at(-1)!.cart.version, 6);
  await second.return?.();
});

test('who subscribes after the cursor of now misses nothing from then on', async () => {
  const me = user(30);
  await change(harness, ADD, { sku: 'sku_milk', quantity: 1 }, me);
  const asked = await harness.run('{ cartCursor }', {}, me);
  await change(harness, ADD, { sku: 'sku_milk', quantity: 1 }, me);
  const { cartCursor } = asked.data as { cartCursor: string };
  const events = await harness.subscribe(SUBSCRIBE, { after: cartCursor }, me);
  await change(harness, ADD, { sku: 'sku_milk', quantity: 1 }, me);
  assert.deepEqual(
    (await take(events, 2)).map(({ kind }) => kind),
    ['LINES_CHANGED', 'LINES_CHANGED'],
  );
  await events.return?.();
});

test('a withdrawn product is told to those who have it in their cart, once', async () => {
  const [me, other] = [user(4), user(5)];
  await change(harness, ADD, { sku: 'sku_fish', quantity: 1 }, me);
  await change(harness, ADD, { sku: 'sku_milk', quantity: 1 }, other);
  const [mine, theirs] = await Promise.all(
    [me, other].map((caller) => harness.subscribe(SUBSCRIBE, {}, caller)),
  );
  const data = { productId: 'prd_fish', skus: ['sku_fish', 'sku_fish2'] };
  const event = createEvent(
    { type: 'ProductWithdrawn.v1', producer: 'catalogue', subject: 'prd_fish', version: 2, data },
    Date.now(),
  );
  await harness.bus.publish('others', [event]);
  await harness.bus.publish('others', [event]);
  await harness.bus.idle();
  const [told] = await take(mine!, 1);
  assert.deepEqual([told!.kind, told!.withdrawnSkus], ['PRODUCT_WITHDRAWN', ['sku_fish']]);
  for (const caller of [me, other]) await change(harness, CLEAR, null, caller);
  assert.equal((await take(mine!, 1))[0]!.kind, 'LINES_CHANGED', 'told once');
  assert.equal((await take(theirs!, 1))[0]!.kind, 'LINES_CHANGED', 'not told at all');
  await Promise.all([mine!.return?.(), theirs!.return?.()]);
});

test('a visitor has nothing to follow, and a foreign cursor is refused', async () => {
  const answer = async (after: string | null, caller: Parameters<Harness['subscribe']>[2]) => {
    const events = await harness.subscribe(SUBSCRIBE, { after }, caller);
    return (await events.next()).value.errors?.[0]?.extensions?.code;
  };
  assert.equal(
    await answer(null, { kind: 'anonymous', subject: '', roles: [], region: 'eu' }),
    'UNAUTHENTICATED',
  );
  assert.equal(await answer('nonsense', user(6)), 'BAD_USER_INPUT');
});

test('a cart left behind is told of once, and again only after it was touched', async () => {
  const me = user(7, 'gb');
  await change(harness, ADD, { sku: 'sku_milk', quantity: 2 }, me);
  const told = () =>
    harness.bus.published.filter(
      ({ type, data }) => type === 'CartAbandoned.v1' && (data as { owner: string }).owner === me.subject,
    );
  const sweep = () => sweepAbandoned(harness.subgraph.ports, harness.subgraph.platform, readCartConfig({}));
  await sweep();
  assert.equal(told().length, 0);
  harness.clock.advance(25 * 3_600_000);
  await Promise.all([sweep(), sweep()]);
  await until(() => told().length === 1);
  await sweep();
  await change(harness, ADD, { sku: 'sku_milk', quantity: 1 }, me);
  harness.clock.advance(25 * 3_600_000);
  await sweep();
  await until(() => told().length === 2);
  assert.deepEqual((told()[1]!.data as { lines: unknown }).lines, [{ sku: 'sku_milk', quantity: 3 }]);
});
