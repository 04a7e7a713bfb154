import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import pg from 'pg';
import { until } from '../../../test/testkit/index.ts';
import { begin } from '../domain/evolve.ts';
import { createLedger } from '../store/ledger.ts';
import { createRecent } from '../store/recent.ts';
import { createSettlement } from '../store/settlement.ts';
import { eventsOf, type Harness, newOrder, startPayments, USER } from './harness.ts';

let pay: Harness;
before(async () => {
  pay = await startPayments();
});
after(() => pay.stop());

/** Shuts a database to everyone, or opens it again. */
async function allow(url: string, open: boolean): Promise<void> {
  const target = new URL(url);
  const name = target.pathname.slice(1);
  target.pathname = '/postgres';
  const admin = new pg.Client({ connectionString: target.href });
  await admin.connect();
  await admin.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS ${open}`);
  if (!open)
    await admin.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [name]);
  await admin.end();
}

const american = { userId: 'usr_us_01jtestbuyer0001', amount: { currency: 'USD', minor: 500 } };

test('the database of a region is down: nothing is charged there, other regions go on, and it comes back by itself', async () => {
  const eu = pay.stores.env.DATABASE_URL_EU!;
  const order = newOrder();
  await pay.authorise(newOrder(), 'pm_card_visa');
  await allow(eu, false);
  try {
    await assert.rejects(pay.authorise(order, 'pm_card_visa'), /UNAVAILABLE/);
    assert.equal((await pay.atPsp(order)).intents.length, 0);
    assert.equal(
      (await pay.authorise(newOrder('us'), 'pm_card_visa', american)).payment.status,
      'AUTHORISED',
    );
    await assert.rejects(pay.ports.ping());
  } finally {
    await allow(eu, true);
  }
  await until(
    () =>
      pay.ports.ping().then(
        () => true,
        () => false,
      ),
    { ms: 5_000 },
  );
  assert.equal((await pay.authorise(order, 'pm_card_visa')).payment.status, 'AUTHORISED');
  assert.equal((await pay.atPsp(order)).intents.length, 1);
});

test('it fails after the provider has answered: the sweeper takes the answer over, one charge', async () => {
  const orderId = newOrder();
  const order = {
    orderId,
    userId: USER,
    region: 'eu' as const,
    amount: { currency: 'EUR' as const, minor: 2_599n },
  };
  const payment = begin(
    'pay_eu_down',
    { ...order, method: { token: 'pm_card_visa', customer: null }, returnUrl: null },
    pay.clock.now(),
  );
  const { payments, provider, outbox, clock, log } = pay.ports;
  const failing = { ...payments, save: () => Promise.reject(new Error('connection terminated')) };
  const ledger = createLedger({ payments: failing, outbox, clock, recent: createRecent() });
  const settlement = createSettlement({ payments: failing, ledger, provider, clock, log, meter: pay.meter });
  await payments.begin(payment);
  await assert.rejects(
    settlement.settle(payment, { deadline: clock.now() + 2_000 }),
    /connection terminated/,
  );
  assert.equal((await payments.find(orderId))?.state.kind, 'authorising');
  await pay.sweep(10_000);
  assert.equal((await payments.find(orderId))?.state.kind, 'authorised');
  assert.equal((await pay.atPsp(orderId)).intents.length, 1);
  assert.deepEqual(await eventsOf(pay, orderId), ['PaymentAuthorised']);
});
