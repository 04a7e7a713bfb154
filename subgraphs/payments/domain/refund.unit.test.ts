import assert from 'node:assert/strict';
import { test } from 'node:test';
import { money } from '@aisle/platform/money';
import { begin } from './evolve.ts';
import type { Payment } from './payment.ts';
import { decideRefund, type Refund, settleRefund } from './refund.ts';

const taken: Payment = {
  ...begin(
    'pay_eu_1',
    {
      orderId: 'ord_eu_1',
      userId: 'usr_eu_1',
      region: 'eu',
      amount: money('EUR', 1_000),
      method: { token: 'pm_x', customer: null },
      returnUrl: null,
    },
    1,
  ),
  state: { kind: 'captured', intent: 'pi_1' },
  captured: 1_000n,
};
const refund = (minor: number, status: Refund['status'] = 'pending'): Refund => ({
  id: 'rfd_eu_1',
  orderId: 'ord_eu_1',
  key: 'k',
  amount: money('EUR', minor),
  reason: '',
  status,
  reference: null,
  createdAt: 1,
});

test('promises never exceed what was taken, settled or not', () => {
  const first = decideRefund(taken, money('EUR', 600), 2);
  assert.ok(first.kind === 'promise');
  assert.equal(first.payment.promised, 600n);
  assert.deepEqual(decideRefund(first.payment, money('EUR', 401), 3), {
    kind: 'too-large',
    refundable: money('EUR', 400),
  });
  assert.equal(decideRefund(first.payment, money('EUR', 400), 3).kind, 'promise');
});

test('nothing taken, nothing to give; other money is other input', () => {
  assert.equal(
    decideRefund({ ...taken, state: { kind: 'authorised', intent: 'pi_1' } }, money('EUR', 1), 2).kind,
    'nothing-taken',
  );
  assert.equal(decideRefund(taken, money('USD', 1), 2).kind, 'other-input');
});

test('a promise is kept, taken back, or taken back after it was kept', () => {
  const promised = { ...taken, promised: 600n };
  const kept = settleRefund(promised, refund(600), 'succeeded', 3);
  assert.deepEqual([kept.refunded, kept.promised, kept.version], [600n, 600n, promised.version + 1]);
  const back = settleRefund(promised, refund(600), 'failed', 3);
  assert.deepEqual([back.refunded, back.promised], [0n, 0n]);
  const later = settleRefund(kept, refund(600, 'succeeded'), 'failed', 4);
  assert.deepEqual([later.refunded, later.promised], [0n, 0n]);
  assert.equal(later.state.kind, 'captured');
});

test('of a payment that was given back whole, what comes back is to be given again', () => {
  const whole: Payment = {
    ...taken,
    state: { kind: 'voided', intent: 'pi_1' },
    refunded: 1_000n,
    promised: 1_000n,
  };
  const later = settleRefund(whole, refund(600, 'succeeded'), 'failed', 4);
  assert.deepEqual([later.state.kind, later.refunded, later.promised], ['voiding', 400n, 400n]);
  assert.deepEqual(decideRefund(later, money('EUR', 1), 5), { kind: 'nothing-taken' });
});
