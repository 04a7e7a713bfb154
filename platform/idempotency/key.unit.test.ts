import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hashInput, isIdempotencyKey } from './key.ts';

test('the order of fields and absent fields make no difference, everything else does', () => {
  const hash = hashInput({ a: 1, b: { c: [1, 2], d: null } });
  assert.equal(hashInput({ b: { d: null, c: [1, 2] }, a: 1, e: undefined }), hash);
  for (const other of [
    { a: 2, b: { c: [1, 2], d: null } },
    { a: 1, b: { c: [2, 1], d: null } },
    { a: '1', b: { c: [1, 2], d: null } },
  ]) {
    assert.notEqual(hashInput(other), hash);
  }
  assert.equal(hashInput({ n: 5n }), hashInput({ n: 5 }));
});

test('keys are 8 to 128 printable characters', () => {
  for (const key of ['12345678', 'a b-c_d~', 'x'.repeat(128)]) assert.equal(isIdempotencyKey(key), true, key);
  for (const key of [
    '1234567',
    'x'.repeat(129),
    'with\nnewline',
    'schlüssel',
    ' leading1',
    'trailing ',
    '',
    null,
    12345678,
  ]) {
    assert.equal(isIdempotencyKey(key), false, String(key));
  }
});
