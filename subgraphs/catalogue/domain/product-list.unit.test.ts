import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeCursor, encodeCursor, pageOf, titleKey, toPage } from './product-list.ts';

test('a cursor comes back as its key, and only for its own list', () => {
  const cursor = encodeCursor('NEWEST', 'prd_01abc');
  assert.equal(decodeCursor('NEWEST', cursor, 'after'), 'prd_01abc');
  assert.throws(() => decodeCursor('TITLE', cursor, 'after'), /not a cursor/);
  for (const bad of ['', 'x', '!!!', 'TlByZA==', 'a'.repeat(700)])
    assert.throws(() => decodeCursor('NEWEST', bad, 'after'), /not a cursor/, bad);
});

test('page sizes out of range are refused', () => {
  assert.equal(pageOf({}, 'NEWEST').limit, 20);
  assert.equal(pageOf({ last: 5 }, 'NEWEST').direction, 'backward');
  for (const bad of [{ first: 0 }, { first: -1 }, { first: 101 }, { last: 0 }, { first: 1, last: 1 }])
    assert.throws(() => pageOf(bad, 'NEWEST'), { code: 'BAD_USER_INPUT' });
});

test('a page knows whether it goes on, in both directions', () => {
  const base = { limit: 2, after: null, before: null };
  assert.deepEqual(toPage([1, 2, 3], { ...base, direction: 'forward' }), {
    nodes: [1, 2],
    hasNextPage: true,
    hasPreviousPage: false,
  });
  assert.deepEqual(toPage([9, 8, 7], { ...base, direction: 'backward', before: 'x' }), {
    nodes: [8, 9],
    hasNextPage: true,
    hasPreviousPage: true,
  });
});

test('titles sort without case and accents', () => {
  assert.ok(titleKey({ id: 'b', title: 'Éclair' }) < titleKey({ id: 'a', title: 'egg' }));
});
