import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import Stripe from 'stripe';
import { readPaymentsConfig } from '../config.ts';
import type { Refund } from '../domain/refund.ts';
import { type PaymentProvider, type Ports, ProviderError } from '../store/index.ts';
import { portsWith } from '../store/open.ts';
import { eventsOf, type Harness, newOrder, SECRET, startPayments } from './harness.ts';

let pay: Harness;
before(async () => {
  pay = await startPayments();
});
after(() => pay.stop());

const wait = () => ({ deadline: pay.clock.now() + 2_000 });
const amount = (minor: bigint) => ({ currency: 'EUR' as const, minor });

/** Payments in front of a provider of which a part answers otherwise; on the same books. */
function beside(change: Partial<PaymentProvider>): Ports {
  const { platform } = pay.subgraph;
  const config = readPaymentsConfig({ ...platform.env, STRIPE_WEBHOOK_SECRET: SECRET });
  return portsWith({ ...pay.ports.provider, ...change }, platform, config);
}

const silent = beside.bind(undefined, {
  refund: async () => {
    throw new ProviderError('unknown', 'no answer');
  },
});
const refusing = (key: string) =>
  beside({
    refund: async (payment, asked, ...rest) =>
      asked === key
        ? { kind: 'failed', failure: { code: 'refused', message: 'No.' } }
        : pay.ports.provider.refund(payment, asked, ...rest),
  });

/** A refund that was asked for, and whose answer never came. */
async function asked(order: string, minor: bigint): Promise<Refund> {
  const payment = (await pay.ports.ledger.load(order))!;
  const answer = await silent().refunding.request(
    payment,
    { key: 'a', amount: amount(minor), reason: '' },
    wait(),
  );
  assert.ok(answer.kind === 'asked' && answer.refund.status === 'pending');
  return answer.refund;
}

async function failedLater(order: string, reference: string): Promise<number> {
  const payload = JSON.stringify({
    ...{ id: `evt_${reference}`, object: 'event', type: 'refund.failed' },
    data: { object: { id: reference, object: 'refund', status: 'failed', metadata: { order_id: order } } },
  });
  const timestamp = Math.floor(pay.clock.now() / 1_000);
  const signature = Stripe.webhooks.generateTestHeaderString({ payload, secret: SECRET, timestamp });
  const headers = { 'stripe-signature': signature };
  return (await fetch(`${pay.url}/webhooks/stripe`, { method: 'POST', headers, body: payload })).status;
}

async function captured(token = 'pm_card_visa'): Promise<string> {
  const order = newOrder();
  await pay.authorise(order, token);
  assert.equal((await pay.capture(order)).payment.status, 'CAPTURED');
  return order;
}

test('all of it twenty times at once under one key: one refund, twenty equal answers', async () => {
  const order = await captured();
  const answers = await Promise.all(Array.from({ length: 20 }, () => pay.refund(order, 2_599, 'all-of-it')));
  for (const { payment, errors } of answers)
    assert.deepEqual([errors, payment.status, payment.refunded.minor], [[], 'REFUNDED', 2_599]);
  assert.equal((await pay.atPsp(order)).refunded, 2_599);
});

test('a reason that cannot be stored is refused, and nothing is promised', async () => {
  const order = await captured();
  const input = { orderId: order, region: 'EU', amount: { currency: 'EUR', minor: 1 }, key: 'k' };
  for (const reason of ['a\u0000b', '\ud800', 'x'.repeat(501)]) {
    const { data } = await pay.run(
      'mutation ($input: RefundPaymentInput!) { refundPayment(input: $input) { errors { __typename } } }',
      { input: { ...input, reason } },
    );
    assert.equal(data?.refundPayment.errors[0].__typename, 'InvalidInput');
  }
  assert.equal((await pay.ports.payments.find(order))?.promised, 0n);
});

describe('an order that is taken back gets all of its money', () => {
  test('also when a refund that was under way is refused afterwards', async () => {
    const order = await captured();
    const refund = await asked(order, 1_000n);
    assert.equal((await pay.void(order)).payment.status, 'PENDING', 'how much is left is not known yet');
    await refusing('refund:a').refunding.settle(refund, wait());
    const { payment } = await pay.void(order);
    assert.deepEqual([payment.status, payment.refunded.minor], ['REFUNDED', 2_599]);
    assert.deepEqual(payment.refunds, [
      { amount: { minor: 1_000 }, status: 'FAILED' },
      { amount: { minor: 2_599 }, status: 'SUCCEEDED' },
    ]);
    assert.equal((await pay.atPsp(order)).refunded, 2_599);
  });

  test('also when that refund comes through: the rest, by the sweeper', async () => {
    const order = await captured();
    await asked(order, 1_000n);
    assert.equal((await pay.void(order)).payment.status, 'PENDING');
    for (let round = 0; round < 2; round++) await pay.sweep(60_000);
    assert.equal((await pay.void(order)).payment.status, 'REFUNDED');
    assert.equal((await pay.atPsp(order)).refunded, 2_599);
    assert.deepEqual(await eventsOf(pay, order), ['PaymentCompleted', 'RefundIssued', 'RefundIssued']);
  });

  test('also when one of its refunds fails days later: the same amount is asked for anew', async () => {
    const order = await captured();
    await pay.refund(order, 1_299, 'half');
    await pay.void(order);
    const [half, rest] = await pay.ports.payments.refunds('eu', [order]);
    assert.deepEqual([half?.amount.minor, rest?.amount.minor, rest?.status], [1_299n, 1_300n, 'succeeded']);
    const keys: string[] = [];
    const ports = beside({
      findRefund: async () => ({
        kind: 'failed',
        failure: { code: 'lost', message: 'The account is closed.' },
      }),
      refund: async (_payment, key, { minor }) => {
        keys.push(`${key} ${minor}`);
        return { kind: 'succeeded', reference: `re_${keys.length}` };
      },
    });
    for (const [gone, again] of [
      [half, 1_299n],
      [rest, 1_300n],
    ] as const) {
      await ports.refunding.look(gone!, 'evt_1', wait());
      const open = (await ports.ledger.load(order))!;
      assert.deepEqual([open.state.kind, open.captured - open.refunded], ['voiding', again]);
      const { state, refunded } = await ports.settlement.settle(open, wait());
      assert.deepEqual([state.kind, refunded], ['voided', 2_599n]);
    }
    assert.equal(new Set(keys).size, 2, 'the key of the first time would be answered with the first time');
  });

  test('a failure that is told while money is being given back is told again later', async () => {
    const order = await captured();
    await pay.refund(order, 1_000, 'part');
    const [part] = await pay.ports.payments.refunds('eu', [order]);
    await silent().ledger.change((await pay.ports.ledger.load(order))!, { kind: 'void' });
    const ports = beside({
      findRefund: async () => ({ kind: 'failed', failure: { code: 'lost', message: '' } }),
    });
    await assert.rejects(ports.refunding.look(part!, 'evt_2', wait()), ProviderError);
    assert.equal((await pay.ports.ledger.load(order))?.refunded, 1_000n);
  });
});

test('a message about a refund that comes before its own answer is asked for again', async () => {
  const order = await captured();
  assert.equal(await failedLater(order, 're_of_somebody'), 200, 'no refund of ours was asked for');
  await asked(order, 500n);
  assert.equal(await failedLater(order, 're_not_known_yet'), 500);
});
