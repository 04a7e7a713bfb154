import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import Stripe from 'stripe';
import { until } from '../../../test/testkit/index.ts';
import { eventsOf, type Harness, newOrder, SECRET, startPayments } from './harness.ts';

let pay: Harness;
before(async () => {
  pay = await startPayments({ webhooks: true });
});
after(() => pay.stop());

const stateOf = async (orderId: string) => (await pay.ports.payments.find(orderId))?.state.kind;
const seconds = () => Math.floor(pay.clock.now() / 1000);

/** A message as the provider would send it; by default with a right signature of now. */
async function send(
  payload: string,
  { secret = SECRET, timestamp = seconds(), header = '' } = {},
): Promise<number> {
  const signature = header || Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp });
  const response = await fetch(`${pay.url}/webhooks/stripe`, {
    method: 'POST',
    headers: { 'stripe-signature': signature },
    body: payload,
  });
  return response.status;
}

let sent = 0;
async function message(orderId: string, type: string, change: object = {}): Promise<string> {
  const { intents } = await pay.atPsp(orderId);
  const intent = await pay.kit.stripe.paymentIntents.retrieve(intents[0]!.id);
  return JSON.stringify({
    id: `evt_test_${sent++}`,
    object: 'event',
    type,
    data: { object: { ...intent, ...change } },
  });
}

test('a buyer approves: the webhook settles the payment, and orders is told', async () => {
  const orderId = newOrder();
  const { payment } = await pay.authorise(orderId, 'pm_card_authenticationRequired');
  await fetch(payment.nextAction.url, { method: 'POST', body: new URLSearchParams({ decision: 'approve' }) });
  await until(async () => (await stateOf(orderId)) === 'authorised', { ms: 5_000 });
  await until(async () => (await eventsOf(pay, orderId)).length === 1, { ms: 5_000 });
  assert.deepEqual(await eventsOf(pay, orderId), ['PaymentAuthorised']);
  const inbox = await pay.subgraph.platform
    .databases()
    .of('eu')
    .query("SELECT 1 FROM inbox WHERE source = 'stripe'");
  assert.equal(inbox.length, 1);
});

test('a buyer declines', async () => {
  const orderId = newOrder();
  const { payment } = await pay.authorise(orderId, 'pm_card_authenticationRequired');
  await fetch(payment.nextAction.url, { method: 'POST', body: new URLSearchParams({ decision: 'decline' }) });
  await until(async () => (await stateOf(orderId)) === 'declined', { ms: 5_000 });
  assert.deepEqual(await eventsOf(pay, orderId), ['PaymentFailed']);
});

test('a forged, changed, unsigned or old message is refused and changes nothing', async () => {
  const orderId = newOrder();
  await pay.authorise(orderId, 'pm_card_visa');
  const payload = await message(orderId, 'payment_intent.canceled', { status: 'canceled' });
  const good = Stripe.webhooks.generateTestHeaderString({ payload, secret: SECRET, timestamp: seconds() });
  assert.equal(await send(payload, { secret: 'whsec_somebody_else' }), 400);
  assert.equal(await send(payload.replace('canceled', 'succeeded'), { header: good }), 400);
  assert.equal(await send(payload, { header: 'nonsense' }), 400);
  assert.equal(await send(payload, { timestamp: seconds() - 301 }), 400);
  assert.equal((await fetch(`${pay.url}/webhooks/stripe`, { method: 'POST', body: payload })).status, 400);
  assert.equal(await send('not json'), 400);
  assert.equal(await stateOf(orderId), 'authorised');
});

test('a message that is right but says what is not so changes nothing: the provider is asked', async () => {
  const orderId = newOrder();
  await pay.authorise(orderId, 'pm_card_visa');
  const payload = await message(orderId, 'payment_intent.succeeded', {
    status: 'succeeded',
    amount_received: 2_599,
  });
  assert.equal(await send(payload), 200);
  assert.equal(await stateOf(orderId), 'authorised');
  assert.deepEqual(await eventsOf(pay, orderId), []);
});

test('late and repeated messages of the past change nothing', async () => {
  const orderId = newOrder();
  await pay.authorise(orderId, 'pm_card_visa');
  const held = await message(orderId, 'payment_intent.amount_capturable_updated');
  await pay.capture(orderId);
  const taken = await message(orderId, 'payment_intent.succeeded');
  for (const payload of [taken, held, taken, held, taken]) assert.equal(await send(payload), 200);
  assert.equal(await stateOf(orderId), 'captured');
  assert.deepEqual(await eventsOf(pay, orderId), ['PaymentCompleted']);
});

test('twenty copies at once of a message with news: one change, one event', async () => {
  const orderId = newOrder();
  await fetch(`${pay.kit.psp.url}/_test/webhook`, { method: 'POST', body: JSON.stringify({ events: [] }) });
  await pay.authorise(orderId, 'pm_card_visa');
  const [intent] = (await pay.atPsp(orderId)).intents;
  // Somebody takes the money in the provider's own dashboard.
  await pay.kit.stripe.paymentIntents.capture(intent!.id);
  const payload = await message(orderId, 'payment_intent.succeeded');
  const answers = await Promise.all(Array.from({ length: 20 }, () => send(payload)));
  assert.deepEqual(new Set(answers), new Set([200]));
  assert.equal(await stateOf(orderId), 'captured');
  assert.deepEqual(await eventsOf(pay, orderId), ['PaymentCompleted']);
});

test('a hold that the provider ended is declined', async () => {
  const orderId = newOrder();
  await pay.authorise(orderId, 'pm_card_visa');
  const [intent] = (await pay.atPsp(orderId)).intents;
  await pay.kit.stripe.paymentIntents.cancel(intent!.id);
  assert.equal(await send(await message(orderId, 'payment_intent.canceled')), 200);
  assert.equal(await stateOf(orderId), 'declined');
  assert.deepEqual(await eventsOf(pay, orderId), ['PaymentFailed']);
});

test('messages about what is not ours are taken and dropped', async () => {
  const payload = (object: object, type = 'payment_intent.succeeded') =>
    JSON.stringify({ id: 'evt_x', object: 'event', type, data: { object } });
  assert.equal(
    await send(
      payload({
        id: 'pi_x',
        object: 'payment_intent',
        status: 'succeeded',
        amount_received: 5,
        metadata: {},
      }),
    ),
    200,
  );
  const foreign = {
    id: 'pi_x',
    object: 'payment_intent',
    status: 'succeeded',
    amount_received: 5,
    metadata: { order_id: newOrder() },
  };
  assert.equal(await send(payload(foreign)), 200);
  assert.equal(await send(payload({ id: 'cus_x', object: 'customer' }, 'customer.created')), 200);
  assert.equal(await send(payload({ ...foreign, metadata: { order_id: "x'; DROP TABLE payments" } })), 200);
});

test('a body that is too large is refused', async () => {
  const response = await fetch(`${pay.url}/webhooks/stripe`, { method: 'POST', body: 'x'.repeat(300_000) });
  assert.equal(response.status, 413);
});

test('the provider being down answers 500, so that the message comes again', async () => {
  const orderId = newOrder();
  await pay.authorise(orderId, 'pm_card_visa');
  const [intent] = (await pay.atPsp(orderId)).intents;
  await pay.kit.stripe.paymentIntents.capture(intent!.id);
  const payload = await message(orderId, 'payment_intent.succeeded');
  await fetch(`${pay.kit.psp.url}/_test/faults`, {
    method: 'POST',
    body: JSON.stringify({ fault: 'error', times: 10 }),
  });
  assert.equal(await send(payload), 500);
  await fetch(`${pay.kit.psp.url}/_test/faults`, { method: 'DELETE' });
  assert.equal(await send(payload), 200);
  assert.equal(await stateOf(orderId), 'captured');
});
