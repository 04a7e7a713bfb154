import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type SeedPayment, seed } from '../store/seed.ts';
import { eventsOf, type Harness, newOrder, startPayments, USER } from './harness.ts';

let pay: Harness;
before(async () => {
  pay = await startPayments();
});
after(() => pay.stop());

test('payments of the past: in our books, at the provider, told and not sent again; twice is once', async () => {
  const row = (status: SeedPayment['status']): SeedPayment => ({
    ...{
      orderId: newOrder(),
      userId: USER,
      region: 'eu',
      minor: 4_200,
      status,
      paidAt: Date.now() - 86_400_000,
    },
  });
  const rows = [row('CAPTURED'), row('REFUNDED'), ...Array.from({ length: 1_000 }, () => row('CAPTURED'))];
  for (let i = 0; i < 2; i++) await seed(pay.subgraph.platform, rows);
  const [taken, returned] = rows as [SeedPayment, SeedPayment];
  const books = await pay.ports.payments.find(taken.orderId);
  assert.deepEqual([books?.state.kind, books?.captured, books?.refunded], ['captured', 4_200n, 0n]);
  assert.deepEqual(
    await pay.atPsp(taken.orderId).then(({ captures, captured, refunded }) => [captures, captured, refunded]),
    [1, 4_200, 0],
  );
  assert.deepEqual(
    await pay.atPsp(returned.orderId).then(({ captured, refunded }) => [captured, refunded]),
    [4_200, 4_200],
  );
  assert.deepEqual(await eventsOf(pay, returned.orderId), ['PaymentCompleted', 'RefundIssued']);
  const sql = 'SELECT count(*)::int AS n FROM outbox WHERE sent_at IS NULL';
  assert.deepEqual(await pay.subgraph.platform.databases().of('eu').query(sql), [{ n: 0 }]);
  const part = await pay.refund(taken.orderId, 200, 'late');
  assert.deepEqual([part.payment.status, part.errors], ['PARTIALLY_REFUNDED', []]);
  assert.equal((await pay.void(taken.orderId)).payment.status, 'REFUNDED');
  assert.equal((await pay.atPsp(taken.orderId)).refunded, 4_200);
});
