import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findCardNumber, holdsCardNumber } from './card-number.ts';

test('card numbers of every brand and spelling are found', () => {
  for (const number of [
    '4242424242424242',
    '4242 4242 4242 4242',
    '4242-4242-4242-4242',
    '378282246310005',
    '6011111111111117',
    '3056930009020004',
    'card=5555555555554444;',
    '４２４２４２４２４２４２４２４２',
    '6304000000000000',
    '4000000000000000006',
  ]) {
    assert.equal(holdsCardNumber(number), true, number);
  }
});

test('what is no card number is left alone', () => {
  for (const text of [
    '4242424242424241',
    '12345',
    '42424242424',
    '42424242424242424242424242',
    'pm_card_visa',
    'ord_eu_01kb2q8z5y4x3w2v1t0s9r8q7p',
    '2026-11-23T12:00:00Z',
    '',
  ]) {
    assert.equal(holdsCardNumber(text), false, text);
  }
});

test('the path of the first one in an input is told, not the number', () => {
  const input = { amount: { minor: 100 }, note: null, deep: [{ text: 'x' }, { text: '4242424242424242' }] };
  assert.deepEqual(findCardNumber(input, ['input']), ['input', 'deep', '1', 'text']);
  assert.equal(findCardNumber({ a: 1, b: 'c' }), undefined);
});
