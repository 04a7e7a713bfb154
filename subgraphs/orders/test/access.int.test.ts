import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Caller } from '@aisle/platform/identity';
import { service } from '@aisle/platform/identity';
import { type FreshStores, freshStores } from '../../../test/testkit/index.ts';
import { buyer, PLACE, type RunningOrders, startOrders } from './start.ts';
import { World } from './world.ts';

let stores: FreshStores;
let orders: RunningOrders;
const world = new World();
const ada = buyer('ada');
const eve = buyer('eve');
const staff = buyer('sam', 'us', { roles: ['staff'] });
const farmer = buyer('farmer', 'eu', { roles: ['seller'], sellerId: 'sel_farm' });
const grower = buyer('grower', 'eu', { roles: ['seller'], sellerId: 'sel_orchard' });
const placed: { id: string; sellerOrders: { id: string; seller: { id: string } }[] }[] = [];

before(async () => {
  stores = await freshStores();
  orders = await startOrders(stores.env, world.commands);
  for (let i = 0; i < 5; i++) {
    const lines = [
      { sku: 'sku_apple', quantity: 1 },
      { sku: 'sku_pear', quantity: 2 },
    ];
    const paymentMethod = i === 4 ? 'pm_declined' : 'pm_ok';
    const input = { idempotencyKey: `access-${i}-key`, paymentMethod, ...world.basket(ada.subject, lines) };
    placed.push((await orders.ask(ada, PLACE, { input })).data.placeOrder.order);
  }
});
after(async () => {
  await orders?.stop();
  await stores?.drop();
});

const ENTITIES = `query($all: [_Any!]!) { _entities(representations: $all) {
  ... on Order { id total { minor } } ... on SellerOrder { id share { minor } lines { sku } } } }`;
const entity = async (caller: Caller, representation: object) => {
  const { data, errors } = await orders.ask(caller, ENTITIES, { all: [representation] });
  assert.equal(errors, undefined, JSON.stringify(errors));
  return data._entities[0];
};
const order = async (caller: Caller, id: string) =>
  (await orders.ask(caller, 'query($id: ID!) { order(id: $id) { id } }', { id })).data?.order;

test('an order is its buyer’s and the staff’s, by every path', async () => {
  const { id } = placed[0]!;
  for (const caller of [ada, staff]) {
    assert.equal((await order(caller, id)).id, id);
    assert.equal((await entity(caller, { __typename: 'Order', id })).id, id);
  }
  const guest: Caller = { ...ada, kind: 'guest' };
  for (const caller of [eve, farmer, guest, service('cart')]) {
    assert.equal(await entity(caller, { __typename: 'Order', id }), null, caller.subject);
    assert.equal((await order(caller, id)) ?? null, null);
  }
  for (const id of ['ord_eu_none', 'ord_us_none', 'ord_xx_none', 'prd_1', '', "' OR 1=1", 'x'.repeat(500)]) {
    assert.equal(await order(ada, id), null);
    assert.equal(await entity(ada, { __typename: 'Order', id }), null);
  }
});

test('a part of an order is its seller’s, the buyer’s and the staff’s', async () => {
  const part = placed[0]!.sellerOrders.find(({ seller }) => seller.id === 'sel_farm')!;
  const reference = { __typename: 'SellerOrder', id: part.id };
  for (const caller of [ada, farmer, staff]) {
    assert.deepEqual((await entity(caller, reference)).lines, [{ sku: 'sku_apple' }]);
  }
  for (const caller of [eve, grower]) assert.equal(await entity(caller, reference), null);
  for (const id of [`${part.id}9`, part.id.replace('x', 'y'), 'sor_eu_x00', 'nonsense']) {
    assert.equal(await entity(farmer, { ...reference, id }), null, id);
  }
});

const LIST = `query($first: Int! = 20, $after: String, $filter: OrderFilter) { orders(first: $first, after: $after, filter: $filter) {
  edges { cursor node { id status } } nodes { id status } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`;

test('a buyer’s history is paged newest first, and can be filtered', async () => {
  const ids = placed.map(({ id }) => id).reverse();
  const seen: string[] = [];
  let after: string | null = null;
  for (let page = 0; page < 3; page++) {
    const { data } = await orders.ask(ada, LIST, { first: 2, after });
    seen.push(...data.orders.edges.map(({ node }: { node: { id: string } }) => node.id));
    assert.deepEqual(
      data.orders.nodes,
      data.orders.edges.map(({ node }: { node: unknown }) => node),
    );
    assert.equal(data.orders.pageInfo.hasNextPage, page < 2);
    assert.equal(data.orders.pageInfo.hasPreviousPage, page > 0);
    after = data.orders.pageInfo.endCursor;
  }
  assert.deepEqual(seen, ids);
  const { data } = await orders.ask(ada, LIST, { filter: { status: ['CANCELLED'] } });
  assert.deepEqual(
    data.orders.edges.map(({ node }: { node: { id: string } }) => node.id),
    [placed[4]!.id],
  );
  assert.deepEqual((await orders.ask(eve, LIST)).data.orders.edges, []);
  const farFuture = Buffer.from('999999999999999.ord_eu_abcd').toString('base64url');
  for (const bad of [
    { first: 0 },
    { first: 101 },
    { first: -1 },
    { after: 'nonsense' },
    { after: farFuture },
  ]) {
    const { errors } = await orders.ask(ada, LIST, bad);
    assert.equal(errors?.[0]?.extensions?.code, 'BAD_USER_INPUT', JSON.stringify(bad));
  }
});

const PARTS = `query($sellerId: ID, $region: Region, $filter: OrderFilter) { sellerOrders(sellerId: $sellerId, region: $region, filter: $filter) {
  edges { node { id orderId status seller { id } lines { sku } net { minor } tax { minor } fee { minor } share { minor } } } } }`;

test('a seller sees its own lines of the orders, and only those', async () => {
  const { data } = await orders.ask(farmer, PARTS, { filter: { status: ['CONFIRMED'] } });
  const nodes = data.sellerOrders.edges.map(({ node }: { node: unknown }) => node);
  assert.equal(nodes.length, 4);
  for (const node of nodes) {
    assert.deepEqual([node.lines, node.seller.id], [[{ sku: 'sku_apple' }], 'sel_farm']);
    assert.equal(node.net.minor + node.tax.minor, node.fee.minor + node.share.minor);
  }
  assert.equal((await orders.ask(farmer, PARTS)).data.sellerOrders.edges.length, 5);
  assert.equal(
    (await orders.ask(staff, PARTS, { sellerId: 'sel_orchard', region: 'EU' })).data.sellerOrders.edges
      .length,
    5,
  );
  const code = async (caller: Caller, variables = {}) =>
    (await orders.ask(caller, PARTS, variables)).errors?.[0]?.extensions?.code;
  assert.equal(await code(farmer, { sellerId: 'sel_orchard' }), 'FORBIDDEN');
  assert.equal(await code(ada), 'FORBIDDEN');
  assert.equal(await code(staff), 'BAD_USER_INPUT');
  assert.equal(await code(staff, { sellerId: 'a\u0000b' }), 'BAD_USER_INPUT');
  assert.equal(await code({ ...ada, kind: 'anonymous' }), 'UNAUTHENTICATED');
});

test('an API key reads the parts it is allowed to, and buys nothing', async () => {
  const program: Caller = { ...farmer, subject: 'key_1', scopes: ['ORDERS_READ'] };
  assert.equal((await orders.ask(program, PARTS)).data.sellerOrders.edges.length, 5);
  const blind = await orders.ask({ ...program, scopes: ['CATALOGUE_WRITE'] }, PARTS);
  assert.equal(blind.errors?.[0]?.extensions?.code, 'FORBIDDEN');
  const input = { idempotencyKey: 'program-key-1', paymentMethod: 'pm_ok', ...world.basket(program.subject) };
  assert.equal((await orders.ask(program, PLACE, { input })).errors?.[0]?.extensions?.code, 'FORBIDDEN');
  const overreaching: Caller = { ...program, subject: ada.subject, roles: ['seller', 'staff'] };
  assert.equal(await entity(overreaching, { __typename: 'Order', id: placed[0]!.id }), null);
});
