import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type Stripe from 'stripe';
import { KEY, sdk, type TestPsp, testPsp } from './kit.ts';

let kit: TestPsp;
before(async () => {
  kit = await testPsp();
});
after(() => kit.stop());

const order = (id: string) => ({ metadata: { order_id: id } });
const hold = (token: string, id: string, more: Partial<Stripe.PaymentIntentCreateParams> = {}) => ({
  amount: 1_999,
  currency: 'eur',
  capture_method: 'manual' as const,
  confirm: true,
  payment_method: token,
  ...order(id),
  ...more,
});
const create = (token: string, id: string, key = id) =>
  kit.stripe.paymentIntents.create(hold(token, id), { idempotencyKey: key });

test('holds, captures and refunds', async () => {
  const intent = await create('pm_card_visa', 'ord_1');
  assert.equal(intent.status, 'requires_capture');
  assert.equal(intent.amount_capturable, 1_999);
  assert.equal(intent.currency, 'eur');
  const taken = await kit.stripe.paymentIntents.capture(intent.id);
  assert.equal(taken.status, 'succeeded');
  assert.equal(taken.amount_received, 1_999);
  const refund = await kit.stripe.refunds.create({ payment_intent: intent.id, amount: 500 });
  assert.equal(refund.status, 'succeeded');
  await assert.rejects(kit.stripe.refunds.create({ payment_intent: intent.id, amount: 1_500 }), {
    type: 'StripeInvalidRequestError',
  });
  const charge = await kit.stripe.charges.retrieve(String(taken.latest_charge));
  assert.equal(charge.amount_refunded, 500);
});

test('cancels a hold; what is taken or ended cannot be cancelled or captured', async () => {
  const intent = await create('pm_card_mastercard', 'ord_2');
  assert.equal((await kit.stripe.paymentIntents.cancel(intent.id)).status, 'canceled');
  await assert.rejects(kit.stripe.paymentIntents.capture(intent.id), {
    code: 'payment_intent_unexpected_state',
  });
  await assert.rejects(kit.stripe.paymentIntents.cancel(intent.id), {
    code: 'payment_intent_unexpected_state',
  });
});

for (const [token, code, declineCode] of [
  ['pm_card_chargeDeclined', 'card_declined', 'generic_decline'],
  ['pm_card_chargeDeclinedInsufficientFunds', 'card_declined', 'insufficient_funds'],
  ['pm_card_chargeDeclinedExpiredCard', 'expired_card', 'expired_card'],
  ['pm_card_chargeDeclinedIncorrectCvc', 'incorrect_cvc', 'incorrect_cvc'],
] as const) {
  test(`${token} is refused with 402 and its codes`, async () => {
    await assert.rejects(create(token, `ord_${token}`), (error: Stripe.errors.StripeCardError) => {
      assert.equal(error.type, 'StripeCardError');
      assert.equal(error.statusCode, 402);
      assert.equal(error.code, code);
      assert.equal(error.decline_code, declineCode);
      assert.equal(error.payment_intent?.status, 'requires_payment_method');
      return true;
    });
  });
}

test('the same key and parameters are answered again, marked as replayed', async () => {
  const first = await create('pm_card_visa', 'ord_3');
  const again = await create('pm_card_visa', 'ord_3');
  assert.equal(again.id, first.id);
  assert.equal(again.lastResponse.headers['idempotent-replayed'], 'true');
  assert.equal(first.lastResponse.headers['idempotent-replayed'], undefined);
  await assert.rejects(create('pm_card_chargeDeclined', 'ord_4'), { statusCode: 402 });
  await assert.rejects(create('pm_card_chargeDeclined', 'ord_4'), { statusCode: 402 });
});

test('the same key with other parameters is an idempotency_error 400', async () => {
  await create('pm_card_visa', 'ord_5');
  await assert.rejects(create('pm_card_mastercard', 'ord_5'), {
    type: 'StripeIdempotencyError',
    statusCode: 400,
  });
});

test('a key in use is a 409, and keeps nothing', async () => {
  const first = create('pm_card_slow', 'ord_6');
  const second = kit.stripe.paymentIntents.create(hold('pm_card_slow', 'ord_6'), { idempotencyKey: 'ord_6' });
  await assert.rejects(second, { statusCode: 409 });
  const intent = await first;
  assert.equal((await create('pm_card_slow', 'ord_6')).id, intent.id);
});

test('a request that fails validation leaves its key free', async () => {
  const bad = kit.stripe.paymentIntents.create(
    { ...hold('pm_card_visa', 'ord_7'), amount: -1 },
    { idempotencyKey: 'ord_7' },
  );
  await assert.rejects(bad, { statusCode: 400 });
  assert.equal((await create('pm_card_visa', 'ord_7')).status, 'requires_capture');
});

test('a lost reply leaves one charge, found by the same key and by metadata', async () => {
  // The SDK tries a closed connection once more by itself, with the same key: it gets the kept answer.
  const intent = await create('pm_card_lostReply', 'ord_8');
  assert.equal(intent.lastResponse.headers['idempotent-replayed'], 'true');
  const { data } = await kit.stripe.paymentIntents.search({ query: "metadata['order_id']:'ord_8'" });
  assert.equal(data.length, 1);
  assert.equal(data[0]?.status, 'requires_capture');
});

test('a time-out with and one without a charge', async () => {
  await assert.rejects(create('pm_card_timeout', 'ord_9'), { type: 'StripeConnectionError' });
  assert.equal((await create('pm_card_timeout', 'ord_9')).status, 'requires_capture');
  await assert.rejects(create('pm_card_timeoutNoCharge', 'ord_10'), { type: 'StripeConnectionError' });
  const { data } = await kit.stripe.paymentIntents.search({ query: "metadata['order_id']:'ord_10'" });
  assert.equal(data.length, 0);
  assert.equal((await create('pm_card_timeoutNoCharge', 'ord_10')).status, 'requires_capture');
});

test('planned faults hit as often as asked, before or after the operation', async () => {
  kit.psp.faults.add({ fault: 'error', path: '/v1/payment_intents' });
  kit.psp.faults.add({ fault: 'rate-limit', path: '/v1/payment_intents' });
  kit.psp.faults.add({ fault: 'error-after', path: '/v1/payment_intents' });
  await assert.rejects(create('pm_card_visa', 'ord_11'), { statusCode: 500 });
  await assert.rejects(create('pm_card_visa', 'ord_11'), { statusCode: 429 });
  await assert.rejects(create('pm_card_visa', 'ord_11'), { statusCode: 500 });
  // A 500 of the operation itself is kept for the key, as the documentation says.
  await assert.rejects(create('pm_card_visa', 'ord_11'), { statusCode: 500 });
  const { data } = await kit.stripe.paymentIntents.search({ query: "metadata['order_id']:'ord_11'" });
  assert.equal(data.length, 1);
});

test('a required action is settled on its page', async () => {
  for (const [decision, status] of [
    ['approve', 'requires_capture'],
    ['decline', 'requires_payment_method'],
  ] as const) {
    const intent = await create('pm_card_authenticationRequired', `ord_12_${decision}`);
    assert.equal(intent.status, 'requires_action');
    const url = intent.next_action?.redirect_to_url?.url ?? '';
    assert.match(await (await fetch(url)).text(), /19\.99 EUR/);
    const settled = await fetch(url, { method: 'POST', body: new URLSearchParams({ decision }) });
    assert.equal(settled.status, 200);
    assert.equal((await kit.stripe.paymentIntents.retrieve(intent.id)).status, status);
  }
  assert.equal((await fetch(`${kit.psp.url}/pay/action/pi_x_secret_y`)).status, 404);
});

test('cards are saved to a customer, listed and detached', async () => {
  const customer = await kit.stripe.customers.create({ metadata: { user_id: 'usr_1' } });
  const saved = await kit.stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id });
  assert.equal(saved.card?.last4, '4242');
  assert.deepEqual(
    (await kit.stripe.customers.listPaymentMethods(customer.id)).data.map((one) => one.id),
    [saved.id],
  );
  await assert.rejects(kit.stripe.paymentIntents.create(hold(saved.id, 'ord_13')), { statusCode: 400 });
  const held = await kit.stripe.paymentIntents.create(hold(saved.id, 'ord_13', { customer: customer.id }));
  assert.equal(held.status, 'requires_capture');
  await kit.stripe.paymentMethods.detach(saved.id);
  await assert.rejects(
    kit.stripe.paymentIntents.create(hold(saved.id, 'ord_14', { customer: customer.id })),
    { statusCode: 400 },
  );
  await assert.rejects(
    kit.stripe.paymentMethods.attach('pm_card_chargeDeclined', { customer: customer.id }),
    { statusCode: 402 },
  );
});

test('lists page through everything, newest first', async () => {
  const pages: string[] = [];
  for await (const intent of kit.stripe.paymentIntents.list({ limit: 3 })) pages.push(intent.id);
  assert.equal(new Set(pages).size, pages.length);
  assert.ok(pages.length > 10);
});

test('a wrong key is a 401', async () => {
  await assert.rejects(sdk(kit.psp, 'sk_test_other').balance.retrieve(), { statusCode: 401 });
  assert.equal((await kit.stripe.balance.retrieve()).object, 'balance');
});

test('setup intents', async () => {
  const setup = await kit.stripe.setupIntents.create({ payment_method: 'pm_card_visa' });
  assert.equal((await kit.stripe.setupIntents.confirm(setup.id)).status, 'succeeded');
  await assert.rejects(kit.stripe.setupIntents.cancel(setup.id), { statusCode: 400 });
});

test('state and idempotency keys survive a restart', async () => {
  const before = await create('pm_card_visa', 'ord_15');
  await kit.restart();
  const replayed = await create('pm_card_visa', 'ord_15');
  assert.equal(replayed.id, before.id);
  assert.equal(replayed.lastResponse.headers['idempotent-replayed'], 'true');
  const state = (await (await fetch(`${kit.psp.url}/_test/orders/ord_1`)).json()) as Record<string, number>;
  assert.deepEqual([state.captures, state.held, state.captured, state.refunded], [1, 0, 1_999, 500]);
  assert.equal(KEY.startsWith('sk_test_'), true);
});
