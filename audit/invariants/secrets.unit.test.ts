import assert from 'node:assert/strict';
import { test } from 'node:test';
import { secretIn } from './secrets.ts';

test('card numbers are found, however they are written', () => {
  for (const text of [
    '4242424242424242',
    'Paid with 4242 4242 4242 4242.',
    '{"n":"5555-5555-5555-4444"}',
    'pm_4242424242424242',
    'x=378282246310005,',
  ])
    assert.equal(secretIn(text), 'a card number', text);
});

test('ids, times, amounts, GTINs and versions are none', () => {
  for (const text of [
    '4242424242424241',
    '{"gtin":"4006381333931"}',
    '1795446967759123',
    '2026-11-23T15:14:04.793Z',
    '0.4242424242424242',
    'ord_eu_4242424242424242abcdefghjk',
    '42424242-4242-4242-8242-424242424242',
  ])
    assert.equal(secretIn(text), undefined, text);
});

test('tokens, passwords and hashes are found', () => {
  for (const text of [
    'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJ1c3JfMSJ9.sig',
    'rt_eu_abcdefghijklmnopqrst',
    '$argon2id$v=19$',
    'cvc: 123',
    '{"password":"hunter2"}',
  ])
    assert.equal(secretIn(text), 'a token, password or its hash', text);
  assert.equal(secretIn('{"password":""}, pm_card_visa, a card ending in 4242'), undefined);
});
