import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CommandError, type Commands } from '@aisle/platform/service';
import type { OrderCommand, SagaOrder } from '../domain/saga/types.ts';
import { createFees } from './fees.ts';
import { createPerform } from './perform.ts';

const order: SagaOrder = {
  ...{ id: 'ord_eu_1', userId: 'usr_eu_a', region: 'eu', currency: 'EUR', total: 540 },
  ...{ cartId: 'crt_eu_1', quoteId: 'quo_eu_1', lines: [{ sku: 'sku_a', quantity: 2 }] },
};
const answering = (data: unknown): Commands => ({ send: async () => data as never });
const perform = (name: OrderCommand['name'], answer: unknown) =>
  createPerform(answering({ [name]: answer }))(
    { name, order, ttlSeconds: 900, paymentMethod: 'pm_ok' } as OrderCommand,
    {},
  );
const error = (__typename: string, more: object = {}) => ({
  __typename,
  code: 'THE_CODE',
  message: 'why',
  ...more,
});
const payment = (status: string, failure: unknown = null) => ({
  payment: { status, failure, nextAction: null },
  errors: [],
});

const MEANINGS: [OrderCommand['name'], answer: unknown, meaning: unknown][] = [
  ['lockQuote', { quote: { id: 'quo_eu_1', total: { minor: 540 } }, errors: [] }, { kind: 'done' }],
  [
    'lockQuote',
    { quote: { id: 'quo_eu_1', total: { minor: 541 } }, errors: [] },
    { kind: 'price-changed', quoteId: 'quo_eu_1' },
  ],
  [
    'lockQuote',
    { quote: null, errors: [error('QuoteOutdated', { newQuoteId: 'quo_eu_2' })] },
    { kind: 'price-changed', quoteId: 'quo_eu_2' },
  ],
  ['lockQuote', { quote: null, errors: [error('NotFound')] }, { kind: 'price-changed', quoteId: null }],
  ['reserveStock', { reservation: { orderId: 'ord_eu_1' }, errors: [] }, { kind: 'done' }],
  [
    'reserveStock',
    { reservation: null, errors: [error('InsufficientStock', { sku: 'sku_a', available: 1 })] },
    { kind: 'short', sku: 'sku_a', available: 1 },
  ],
  ['authorisePayment', payment('AUTHORISED'), { kind: 'authorised' }],
  ['authorisePayment', payment('CAPTURED'), { kind: 'authorised' }],
  ['authorisePayment', payment('REQUIRES_ACTION'), { kind: 'action-required' }],
  ['authorisePayment', payment('PENDING'), { kind: 'pending' }],
  [
    'authorisePayment',
    payment('DECLINED', { code: 'expired_card', message: 'Expired.' }),
    { kind: 'declined', declineCode: 'expired_card', message: 'Expired.' },
  ],
  [
    'authorisePayment',
    { payment: null, errors: [error('NotFound')] },
    { kind: 'declined', declineCode: 'the_code', message: 'why' },
  ],
  ['capturePayment', payment('CAPTURED'), { kind: 'done' }],
  [
    'capturePayment',
    { payment: null, errors: [error('CaptureRefused', { declineCode: 'expired' })] },
    { kind: 'declined', declineCode: 'expired', message: 'why' },
  ],
  ['confirmStock', { confirmed: true, errors: [] }, { kind: 'done' }],
  [
    'confirmStock',
    { confirmed: false, errors: [error('HoldExpired')] },
    { kind: 'short', sku: 'sku_a', available: 0 },
  ],
  ['completeCart', { completed: true }, { kind: 'done' }],
  ['releaseCart', { released: true }, { kind: 'done' }],
  ['voidPayment', payment('VOIDED'), { kind: 'done' }],
  ['voidPayment', payment('REFUNDED'), { kind: 'done' }],
  ['voidPayment', { payment: null, errors: [error('NotFound')] }, { kind: 'done' }],
  ['releaseStock', { released: true, errors: [] }, { kind: 'done' }],
  ['releaseStock', { released: false, errors: [] }, { kind: 'sold' }],
  ['restock', { restocked: true, errors: [] }, { kind: 'done' }],
];
for (const [name, answer, meaning] of MEANINGS) {
  test(`${name}: ${JSON.stringify(answer)}`, async () =>
    assert.deepEqual(await perform(name, answer), meaning));
}

/** What settles nothing must be asked again: taking it for an answer would keep money or goods. */
const UNSETTLED: [OrderCommand['name'], answer: unknown][] = [
  ['lockQuote', { quote: null, errors: [] }],
  ['reserveStock', { reservation: null, errors: [error('Unavailable')] }],
  ['reserveStock', { reservation: null, errors: [error('InvalidInput')] }],
  ['authorisePayment', { payment: null, errors: [error('Unavailable')] }],
  ['authorisePayment', { payment: null, errors: [] }],
  ['capturePayment', payment('AUTHORISED')],
  ['capturePayment', { payment: null, errors: [error('Unavailable')] }],
  ['confirmStock', { confirmed: false, errors: [error('Unavailable')] }],
  ['voidPayment', payment('PENDING')],
  ['voidPayment', payment('CAPTURED')],
  ['voidPayment', { payment: null, errors: [error('Unavailable')] }],
  ['releaseStock', { released: false, errors: [error('Unavailable')] }],
  ['restock', { restocked: false, errors: [error('Unavailable')] }],
];
for (const [name, answer] of UNSETTLED) {
  test(`${name} is not settled by ${JSON.stringify(answer)}`, () =>
    assert.rejects(async () => perform(name, answer), CommandError));
}

test('fees are asked once a minute, and those of sellers that may not sell are none', async () => {
  let now = 0;
  const asked: string[][] = [];
  const commands: Commands = {
    async send(_, variables) {
      const ids = (variables as unknown as { ids: string[] }).ids;
      asked.push(ids);
      const status = (id: string) => (id === 'sel_bad' ? 'SUSPENDED' : 'APPROVED');
      return {
        sellerSnapshots: ids
          .filter((id) => id !== 'sel_none')
          .map((id) => ({ id, feeBps: 900, status: status(id) })),
      } as never;
    },
  };
  const fees = createFees(commands, { now: () => now });
  assert.deepEqual([...(await fees(['sel_a', 'sel_bad', 'sel_none'], {}))], [['sel_a', 900]]);
  assert.deepEqual(
    [...(await fees(['sel_a', 'sel_b'], {}))],
    [
      ['sel_a', 900],
      ['sel_b', 900],
    ],
  );
  now = 60_000;
  await fees(['sel_a'], {});
  assert.deepEqual(asked, [['sel_a', 'sel_bad', 'sel_none'], ['sel_b'], ['sel_a']]);
});
