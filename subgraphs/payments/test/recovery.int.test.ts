import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { prune } from '@aisle/platform/pruning';
import { readPaymentsConfig } from '../config.ts';
import { begin } from '../domain/evolve.ts';
import { payments } from '../index.ts';
import { portsWith } from '../store/open.ts';
import type { PaymentProvider } from '../store/provider.ts';
import { startSweeper } from '../store/sweeper.ts';
import { eventsOf, type Harness, newOrder, SECRET, startPayments, USER } from './harness.ts';

let pay: Harness;
before(async () => {
  pay = await startPayments();
});
after(() => pay.stop());

const order = (orderId: string, token = 'pm_card_visa') => ({
  orderId,
  userId: USER,
  region: 'eu' as const,
  amount: { currency: 'EUR' as const, minor: 2_599n },
  method: { token, customer: null },
  returnUrl: null,
});
const fault = (body: object) =>
  fetch(`${pay.kit.psp.url}/_test/faults`, { method: 'POST', body: JSON.stringify(body) });
const always = { times: 100, path: '/v1/payment_intents' };
const asked = async () => {
  const state = await fetch(`${pay.kit.psp.url}/_test/state`);
  return ((await state.json()) as { requests: Record<string, number> }).requests['POST /v1/payment_intents'];
};
const heal = () => fetch(`${pay.kit.psp.url}/_test/faults`, { method: 'DELETE' });

/** The process dies at the provider's door: `before` the question is sent, or `after` its answer came. */
function dying(
  real: PaymentProvider,
  step: 'authorise' | 'capture' | 'void',
  when: 'before' | 'after',
): PaymentProvider {
  return {
    ...real,
    [step]: async (...args: Parameters<PaymentProvider['authorise']>) => {
      if (when === 'after') await real[step](...args);
      throw new Error('killed');
    },
  };
}

const crashed = (step: 'authorise' | 'capture' | 'void', when: 'before' | 'after') => {
  const { platform } = pay.subgraph;
  const config = readPaymentsConfig({ ...platform.env, STRIPE_WEBHOOK_SECRET: SECRET });
  return portsWith(dying(pay.ports.provider, step, when), platform, config);
};

const wait = () => ({ deadline: pay.clock.now() + 2_000 });

describe('a crash at each step, and a sweep later', () => {
  for (const when of ['before', 'after'] as const) {
    test(`authorise, ${when} the provider: held once, and told`, async () => {
      const orderId = newOrder();
      const ports = crashed('authorise', when);
      const payment = begin('pay_eu_crash', order(orderId), pay.clock.now());
      await ports.payments.begin(payment);
      await assert.rejects(ports.settlement.settle(payment, wait()), /killed/);
      await pay.sweep(10_000);
      const { intents, held } = await pay.atPsp(orderId);
      assert.deepEqual([intents.length, held], [1, 2_599]);
      assert.deepEqual(await eventsOf(pay, orderId), ['PaymentAuthorised']);
      assert.equal((await pay.authorise(orderId, 'pm_card_visa')).payment.status, 'AUTHORISED');
    });

    test(`capture, ${when} the provider: taken once, and told once`, async () => {
      const orderId = newOrder();
      await pay.authorise(orderId, 'pm_card_visa');
      const ports = crashed('capture', when);
      const { payment } = await ports.ledger.change((await ports.ledger.load(orderId))!, { kind: 'capture' });
      await assert.rejects(ports.settlement.settle(payment, wait()), /killed/);
      await pay.sweep(10_000);
      await pay.sweep(400_000);
      assert.equal((await pay.atPsp(orderId)).captures, 1);
      assert.deepEqual(await eventsOf(pay, orderId), ['PaymentCompleted']);
    });

    test(`void, ${when} the provider: nothing held`, async () => {
      const orderId = newOrder();
      await pay.authorise(orderId, 'pm_card_visa');
      const ports = crashed('void', when);
      const { payment } = await ports.ledger.change((await ports.ledger.load(orderId))!, { kind: 'void' });
      await assert.rejects(ports.settlement.settle(payment, wait()), /killed/);
      await pay.sweep(10_000);
      assert.equal((await pay.ports.payments.find(orderId))?.state.kind, 'voided');
      assert.equal((await pay.atPsp(orderId)).held, 0);
    });
  }

  test('a void of an authorisation that crashed before it was sent: nothing stays held', async () => {
    const orderId = newOrder();
    const payment = begin('pay_eu_crash', order(orderId), pay.clock.now());
    await pay.ports.payments.begin(payment);
    assert.equal((await pay.void(orderId)).payment.status, 'VOIDED');
    assert.equal((await pay.atPsp(orderId)).held, 0);
  });
});

describe('a provider that is ill', () => {
  test('silent for all tries: pending, then settled by the sweeper; asked meanwhile, still one charge', async () => {
    const orderId = newOrder();
    await fault({ fault: 'hang-after', path: '/v1/payment_intents' });
    assert.equal((await pay.authorise(orderId, 'pm_card_visa')).payment.status, 'AUTHORISED');
    const silent = newOrder();
    await fault({ fault: 'hang', ...always });
    const answer = await pay.authorise(silent, 'pm_card_visa');
    assert.deepEqual([answer.payment.status, answer.errors], ['PENDING', []]);
    await heal();
    await pay.sweep(35_000);
    assert.equal((await pay.authorise(silent, 'pm_card_visa')).payment.status, 'AUTHORISED');
    assert.equal((await pay.atPsp(silent)).intents.length, 1);
  });

  test('broken inside after the charge, and for ever for that key: found by our order id', async () => {
    const orderId = newOrder();
    await fault({ fault: 'error-after', path: '/v1/payment_intents' });
    assert.equal((await pay.authorise(orderId, 'pm_card_visa')).payment.status, 'AUTHORISED');
    assert.equal((await pay.atPsp(orderId)).intents.length, 1);
  });

  test('answering 500 to everything: the breaker opens, a command answers at once, and the sweeper ends it later', async () => {
    const orderId = newOrder();
    await fault({ fault: 'error', ...always });
    for (let i = 0; i < 3; i++)
      assert.equal((await pay.authorise(newOrder(), 'pm_card_visa')).payment.status, 'PENDING');
    const before = await asked();
    assert.equal((await pay.authorise(orderId, 'pm_card_visa')).payment.status, 'PENDING');
    assert.equal(await asked(), before, 'an open circuit asks nothing');
    assert.match(pay.meter.render(), /aisle_breaker_state\{policy="psp"\} 2/);
    await heal();
    pay.clock.advance(31_000);
    await pay.sweep(10_000);
    await pay.sweep(60_000);
    assert.equal((await pay.authorise(orderId, 'pm_card_visa')).payment.status, 'AUTHORISED');
  });

  test('a payment that it never takes and knows nothing of is given up as declined', async () => {
    const orderId = newOrder();
    await fault({ fault: 'error', times: 1_000, path: '/v1/payment_intents', method: 'POST' });
    await pay.authorise(orderId, 'pm_card_visa');
    for (let i = 0; i < 12; i++) await pay.sweep(301_000);
    assert.equal((await pay.ports.payments.find(orderId))?.state.kind, 'declined');
    assert.deepEqual(await eventsOf(pay, orderId), ['PaymentFailed']);
    await heal();
    await pay.sweep(301_000);
    assert.equal((await pay.atPsp(orderId)).held, 0);
  });

  test('restarted, with its state kept: the hold is taken', async () => {
    const orderId = newOrder();
    await pay.authorise(orderId, 'pm_card_visa');
    const { port } = new URL(pay.kit.psp.url);
    await pay.kit.restart(Number(port));
    pay.clock.advance(31_000);
    assert.equal((await pay.capture(orderId)).payment.status, 'CAPTURED');
  });
});

test('two sweepers at once never take the same payment', async () => {
  const orders = Array.from({ length: 15 }, () => newOrder());
  for (const orderId of orders)
    await pay.ports.payments.begin(begin('pay_eu_sweep', order(orderId), pay.clock.now()));
  pay.clock.advance(10_000);
  const { platform } = pay.subgraph;
  const config = readPaymentsConfig(platform.env);
  const other = portsWith(pay.ports.provider, platform, config);
  const sweepers = [startSweeper(pay.ports, platform, config), startSweeper(other, platform, config)];
  const taken = await Promise.all(sweepers.map((sweeper) => sweeper.sweep()));
  await Promise.all(sweepers.map((sweeper) => sweeper.stop()));
  assert.equal(taken[0]! + taken[1]!, 15);
  for (const orderId of orders) assert.equal((await pay.atPsp(orderId)).intents.length, 1);
});

test('a card that turns out held after it was declined is released', async () => {
  const orderId = newOrder();
  const { payment } = await pay.authorise(orderId, 'pm_card_authenticationRequired');
  await fetch(payment.nextAction.url, { method: 'POST', body: new URLSearchParams({ decision: 'decline' }) });
  await pay.sweep(60_000);
  const [intent] = (await pay.atPsp(orderId)).intents;
  // The buyer kept the client secret and confirms with another card, behind our back.
  await pay.kit.stripe.paymentIntents.confirm(intent!.id, { payment_method: 'pm_card_visa' });
  assert.equal((await pay.atPsp(orderId)).held, 2_599);
  const declined = (await pay.ports.payments.find(orderId))!;
  const seen = await pay.ports.settlement.look(declined, wait());
  await pay.ports.settlement.settle(seen, wait());
  assert.equal((await pay.atPsp(orderId)).held, 0);
});

test('what was asked of the provider is kept for half a year, a handled webhook for a month', async () => {
  const orderId = newOrder();
  await pay.authorise(orderId, 'pm_card_visa');
  const database = pay.subgraph.platform.databases().of('eu');
  const attempts = () => database.query('SELECT 1 FROM attempts WHERE order_id = $1', [orderId]);
  await database.query(
    `INSERT INTO attempts (order_id, step, outcome, took_ms, at) VALUES
       ($1, 'find', 'old', 1, now() - interval '181 days'), ($1, 'find', 'young', 1, now() - interval '179 days')`,
    [orderId],
  );
  const before = (await attempts()).length;
  for (const kept of payments.prunes ?? []) assert.equal(await prune(database, kept), 1);
  assert.equal((await attempts()).length, before - 1);
  assert.ok(payments.tables?.includes('inbox'));
});
