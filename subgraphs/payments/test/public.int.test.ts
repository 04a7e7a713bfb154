import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { anonymous, type Caller } from '@aisle/platform/identity';
import { type Harness, newOrder, ORDERS, startPayments, USER } from './harness.ts';

let pay: Harness;
before(async () => {
  pay = await startPayments();
});
after(() => pay.stop());

const person = (
  subject: string,
  roles: Caller['roles'] = ['customer'],
  region: Caller['region'] = 'eu',
): Caller => ({ kind: 'user', subject, roles, region });
const buyer = person(USER);
const other = person('usr_eu_01jsomebodyelse1');

const ADD = `mutation ($token: String!) { addPaymentMethod(input: { token: $token }) {
  paymentMethod { id brand last4 expMonth expYear createdAt } errors { __typename code message path ... on PaymentMethodRefused { declineCode } } } }`;
const LIST = `query ($first: Int, $after: String) { paymentMethods(first: $first, after: $after) {
  edges { cursor node { id last4 } } nodes { id last4 } pageInfo { hasNextPage hasPreviousPage endCursor } } }`;
const REMOVE = `mutation ($id: ID!) { removePaymentMethod(input: { paymentMethodId: $id }) { removedId errors { __typename } } }`;
const ENTITIES = `query ($representations: [_Any!]!) { _entities(representations: $representations) {
  ... on Order { id payment { id status amount { minor } nextAction { url } refunds { id } } } ... on PaymentMethod { id last4 } } }`;

const add = async (token: string, caller = buyer) =>
  (await pay.run(ADD, { token }, caller)).data.addPaymentMethod;
const list = async (variables: object = {}, caller = buyer) =>
  (await pay.run(LIST, { ...variables }, caller)).data.paymentMethods;
const entities = async (representations: object[], caller: Caller) =>
  (await pay.run(ENTITIES, { representations }, caller)).data._entities;

describe('saved ways to pay', () => {
  test('saved once per token, listed newest first in pages, removed', async () => {
    const visa = await add('pm_card_visa');
    assert.deepEqual([visa.paymentMethod.brand, visa.paymentMethod.last4, visa.errors], ['visa', '4242', []]);
    assert.equal((await add('pm_card_visa')).paymentMethod.id, visa.paymentMethod.id);
    const amex = await add('pm_card_amex');
    const page = await list({ first: 1 });
    assert.deepEqual(page.nodes, [page.edges[0].node]);
    assert.deepEqual([page.edges[0].node.last4, page.pageInfo.hasNextPage], ['8431', true]);
    const rest = await list({ first: 1, after: page.pageInfo.endCursor });
    assert.deepEqual(
      [rest.edges[0].node.last4, rest.pageInfo.hasNextPage, rest.pageInfo.hasPreviousPage],
      ['4242', false, true],
    );
    const gone = (await pay.run(REMOVE, { id: amex.paymentMethod.id }, buyer)).data.removePaymentMethod;
    assert.deepEqual([gone.removedId, gone.errors], [amex.paymentMethod.id, []]);
    assert.equal((await list()).edges.length, 1);
    assert.equal((await add('pm_card_amex')).errors.length, 0);
  });

  test('one that is saved pays an order, also a second one; anyone else cannot pay with it', async () => {
    const { paymentMethod } = await add('pm_card_visa');
    for (let i = 0; i < 2; i++) {
      const order = newOrder();
      assert.equal((await pay.authorise(order, paymentMethod.id)).payment.status, 'AUTHORISED');
      assert.equal((await pay.capture(order)).payment.status, 'CAPTURED');
    }
    const stolen = await pay.authorise(newOrder(), paymentMethod.id, { userId: other.subject });
    assert.equal(stolen.errors[0].__typename, 'NotFound');
  });

  test('one that is removed after it was charged: asked again, the order has its payment all the same', async () => {
    const { paymentMethod } = await add('pm_card_mastercard');
    const order = newOrder();
    const first = await pay.authorise(order, paymentMethod.id);
    assert.equal(first.payment.status, 'AUTHORISED');
    await pay.run(REMOVE, { id: paymentMethod.id }, buyer);
    // The answer was lost, or the process that waited for it died.
    const again = await pay.authorise(order, paymentMethod.id);
    assert.deepEqual(
      [again.payment?.id, again.payment?.status, again.errors],
      [first.payment.id, 'AUTHORISED', []],
    );
    const dearer = await pay.authorise(order, paymentMethod.id, { amount: { currency: 'EUR', minor: 1 } });
    assert.equal(dearer.errors[0].__typename, 'IdempotencyKeyReused');
    const fresh = await pay.authorise(newOrder(), paymentMethod.id);
    assert.equal(fresh.errors[0].__typename, 'NotFound');
  });

  test('twenty at once with one token are one', async () => {
    const someone = person('usr_eu_01jtwentyatonce1');
    const answers = await Promise.all(Array.from({ length: 20 }, () => add('pm_card_mastercard', someone)));
    assert.equal(new Set(answers.map(({ paymentMethod }) => paymentMethod.id)).size, 1);
    assert.equal((await list({}, someone)).edges.length, 1);
  });

  test('a card that the provider refuses, a card number, something else', async () => {
    const refused = await add('pm_card_chargeDeclinedExpiredCard');
    assert.deepEqual(
      [refused.paymentMethod, refused.errors[0].__typename, refused.errors[0].declineCode],
      [null, 'PaymentMethodRefused', 'expired_card'],
    );
    for (const token of ['4242424242424242', '4242 4242 4242 4242', 'pm_4242424242424242', 'visa', '']) {
      assert.deepEqual((await add(token)).errors[0].__typename, 'InvalidInput', token);
    }
    const rows = await pay.subgraph.platform
      .databases()
      .of('eu')
      .query('SELECT m::text AS row FROM payment_methods m');
    assert.doesNotMatch(JSON.stringify(rows) + pay.lines.join(''), /4242 ?4242 ?4242/);
  });

  test('guests, strangers and other people', async () => {
    const { paymentMethod } = await add('pm_card_visa');
    const guest: Caller = { kind: 'guest', subject: 'gst_eu_01jguestguest', roles: ['guest'], region: 'eu' };
    for (const caller of [anonymous('eu'), guest]) {
      const { errors } = await pay.run(LIST, {}, caller);
      assert.equal(errors[0].extensions.code, 'UNAUTHENTICATED');
      assert.equal(
        (await pay.run(ADD, { token: 'pm_card_visa' }, caller)).errors[0].extensions.code,
        'UNAUTHENTICATED',
      );
    }
    assert.equal((await list({}, other)).edges.length, 0);
    const isOf = async (userId: string, id = paymentMethod.id) =>
      (
        await pay.run(
          'query ($id: ID!, $userId: ID!) { hasPaymentMethod(id: $id, userId: $userId) }',
          { id, userId },
          ORDERS,
        )
      ).data?.hasPaymentMethod;
    assert.deepEqual(
      [await isOf(buyer.subject), await isOf(other.subject), await isOf(buyer.subject, 'pmt_eu_nothing')],
      [true, false, false],
    );
    const answer = (await pay.run(REMOVE, { id: paymentMethod.id }, other)).data.removePaymentMethod;
    assert.equal(answer.errors[0].__typename, 'NotFound');
    const representation = { __typename: 'PaymentMethod', id: paymentMethod.id };
    assert.deepEqual(await entities([representation], other), [null]);
    assert.equal((await entities([representation], buyer))[0].last4, '4242');
  });

  test('a page that is none', async () => {
    const forged = (text: string) => ({ after: Buffer.from(text).toString('base64url') });
    const cursors = [forged('9999999999999999:pmt_eu_0000'), forged('1:ord_eu_0000'), { after: '' }];
    for (const variables of [
      { first: 0 },
      { first: 101 },
      { first: -1 },
      { after: 'nonsense' },
      ...cursors,
    ]) {
      assert.equal((await pay.run(LIST, variables, buyer)).errors[0].extensions.code, 'BAD_USER_INPUT');
    }
  });

  test('the provider being down: typed, and nothing saved', async () => {
    const someone = person('usr_eu_01jproviderdown1');
    await fetch(`${pay.kit.psp.url}/_test/faults`, {
      method: 'POST',
      body: JSON.stringify({ fault: 'error', times: 4 }),
    });
    assert.equal((await add('pm_card_visa', someone)).errors[0].__typename, 'Unavailable');
    await fetch(`${pay.kit.psp.url}/_test/faults`, { method: 'DELETE' });
    assert.equal((await list({}, someone)).edges.length, 0);
  });
});

describe('Order.payment', () => {
  test('its buyer and the staff see it; anyone else sees none, by any path', async () => {
    const order = newOrder();
    await pay.authorise(order, 'pm_card_authenticationRequired');
    const representation = { __typename: 'Order', id: order };
    for (const caller of [
      buyer,
      person('usr_us_01jstaffperson1', ['customer', 'staff'], 'us'),
      person('usr_us_01jadminperson1', ['admin'], 'us'),
    ]) {
      const [found] = await entities([representation], caller);
      assert.deepEqual([found.payment.status, found.payment.amount.minor], ['REQUIRES_ACTION', 2_599]);
      assert.ok(found.payment.nextAction.url);
    }
    for (const caller of [other, anonymous('eu'), person('usr_eu_01jsellerperson', ['customer', 'seller'])]) {
      assert.deepEqual(await entities([representation], caller), [{ id: order, payment: null }]);
    }
  });

  test('orders without a payment, of other regions and malformed ids', async () => {
    const ids = [
      newOrder(),
      newOrder('us'),
      'nonsense',
      'usr_eu_01jtestbuyer0001',
      `ord_eu_${'9'.repeat(80)}`,
    ];
    const found = await entities(
      ids.map((id) => ({ __typename: 'Order', id })),
      buyer,
    );
    assert.deepEqual(
      found,
      ids.map((id) => ({ id, payment: null })),
    );
  });

  test('many orders at once each get their own', async () => {
    const orders = await Promise.all(
      Array.from({ length: 10 }, async () => {
        const order = newOrder();
        await pay.authorise(order, 'pm_card_visa');
        return order;
      }),
    );
    const found = await entities(
      orders.map((id) => ({ __typename: 'Order', id })),
      buyer,
    );
    assert.deepEqual(
      found.map((order: { id: string; payment: { status: string } }) => [order.id, order.payment.status]),
      orders.map((id) => [id, 'AUTHORISED']),
    );
  });

  test('an order that was voided before it was paid has no buyer, so no payment to show', async () => {
    const order = newOrder();
    await pay.void(order);
    assert.deepEqual(await entities([{ __typename: 'Order', id: order }], anonymous('eu')), [
      { id: order, payment: null },
    ]);
  });
});
