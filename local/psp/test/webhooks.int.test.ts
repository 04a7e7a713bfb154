import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import type Stripe from 'stripe';
import { type TestPsp, testPsp } from './kit.ts';

const SECRET = 'whsec_test';
const received: { event: Stripe.Event; signature: string; raw: string }[] = [];
let refuse = 0;
let arrived: () => void = () => {};
const shop = createServer(async (request, response) => {
  let raw = '';
  for await (const chunk of request) raw += chunk;
  if (refuse > 0) {
    refuse--;
    response.writeHead(500).end();
    return;
  }
  received.push({
    event: JSON.parse(raw) as Stripe.Event,
    signature: String(request.headers['stripe-signature']),
    raw,
  });
  response.writeHead(200).end();
  arrived();
});
const next = () =>
  new Promise<void>((resolve) => {
    arrived = resolve;
  });

let kit: TestPsp;
let url = '';
before(async () => {
  await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(shop.address() as AddressInfo).port}/webhooks/stripe`;
  kit = await testPsp({ webhook: { url, secret: SECRET } });
});
after(async () => {
  await kit.stop();
  shop.close();
});

const hold = (id: string) =>
  kit.stripe.paymentIntents.create(
    {
      amount: 500,
      currency: 'usd',
      capture_method: 'manual',
      confirm: true,
      payment_method: 'pm_card_visa',
      metadata: { order_id: id },
    },
    { idempotencyKey: id },
  );

test('an event is signed so that the official SDK accepts it', async () => {
  const delivered = next();
  const intent = await hold('ord_1');
  await delivered;
  const { raw, signature } = received.at(-1)!;
  const event = kit.stripe.webhooks.constructEvent(raw, signature, SECRET);
  assert.equal(event.type, 'payment_intent.amount_capturable_updated');
  assert.equal((event.data.object as Stripe.PaymentIntent).id, intent.id);
  assert.equal(event.request?.idempotency_key, 'ord_1');
  assert.throws(() => kit.stripe.webhooks.constructEvent(`${raw} `, signature, SECRET));
});

test('an event that is refused is sent again, also after a restart', async () => {
  refuse = 1;
  const delivered = next();
  await hold('ord_2');
  await delivered;
  assert.equal((received.at(-1)!.event.data.object as Stripe.PaymentIntent).metadata.order_id, 'ord_2');
  refuse = 1_000;
  await hold('ord_3');
  const again = next();
  const restarted = kit.restart();
  refuse = 0;
  await restarted;
  await again;
  assert.equal((received.at(-1)!.event.data.object as Stripe.PaymentIntent).metadata.order_id, 'ord_3');
});
