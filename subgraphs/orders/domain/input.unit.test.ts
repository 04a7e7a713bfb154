import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkCancelOrder, checkPlaceOrder } from './input.ts';

const input = { idempotencyKey: '', cartId: '', quoteId: '', addressId: '' };
const problems = (paymentMethod: string) =>
  checkPlaceOrder({ ...input, paymentMethod }, true).map(({ path }) => path[1]);

test('tokens and saved ways to pay are accepted', () => {
  for (const token of ['pm_card_visa', 'pm_1Ab', 'pmt_eu_01jabcdef']) assert.deepEqual(problems(token), []);
});

test('card numbers and nonsense are not', () => {
  for (const text of [
    '4242424242424242',
    '4242-4242-4242-4242',
    '3782 822463 10005',
    'pm_4242424242424242',
    'pm_x_5555555555554444_y',
    '',
    'pm_',
    'pm_a b',
    'tok_visa',
    `pm_${'x'.repeat(300)}`,
  ]) {
    assert.deepEqual(problems(text), ['paymentMethod'], text);
  }
});

test('reasons are short, and text', () => {
  for (const reason of ['my card 4242 4242 4242 4242', 'a\u0000b', 'a\u001bb', '\ud800'])
    assert.equal(checkCancelOrder({ reason }, true).length, 1);
  assert.deepEqual(checkCancelOrder({ reason: 'zu spät,\n 晩い 🍏' }, true), []);
  assert.deepEqual(checkCancelOrder({ reason: 'x'.repeat(500) }, true), []);
  assert.equal(checkCancelOrder({ reason: 'x'.repeat(501) }, true).length, 1);
  assert.equal(checkCancelOrder({}, false).length, 1);
});
