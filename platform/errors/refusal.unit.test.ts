import assert from 'node:assert/strict';
import { test } from 'node:test';
import { notFound, refusal, versionConflict } from './index.ts';

test('a refusal says its type, its code, and which field of the input it is about', () => {
  const cartFull = refusal('CartFull', 'CART_FULL');
  assert.deepEqual(cartFull('A cart holds 50 lines.', 'lines', '50'), {
    __typename: 'CartFull',
    code: 'CART_FULL',
    message: 'A cart holds 50 lines.',
    path: ['input', 'lines', '50'],
  });
  assert.deepEqual(notFound('There is none.').path, ['input']);
});

test('a version conflict tells both versions', () => {
  const { expected, actual, path } = versionConflict(3, 5);
  assert.deepEqual(
    { expected, actual, path },
    { expected: 3, actual: 5, path: ['input', 'expectedVersion'] },
  );
});
