import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkFirst, connectionOf } from './index.ts';

const page = (rows: string[], first: number, after?: string) =>
  connectionOf(
    rows,
    { first, after },
    (row) => `cursor of ${row}`,
    (row) => row.toUpperCase(),
  );

test('the row too many says that there is more, and is not shown', () => {
  assert.deepEqual(page(['a', 'b', 'c'], 2), {
    edges: [
      { cursor: 'cursor of a', node: 'A' },
      { cursor: 'cursor of b', node: 'B' },
    ],
    nodes: ['A', 'B'],
    pageInfo: {
      hasNextPage: true,
      hasPreviousPage: false,
      startCursor: 'cursor of a',
      endCursor: 'cursor of b',
    },
  });
});

test('the last page and an empty one end the list', () => {
  assert.equal(page(['a', 'b'], 2, 'x').pageInfo.hasNextPage, false);
  assert.equal(page(['a', 'b'], 2, 'x').pageInfo.hasPreviousPage, true);
  assert.deepEqual(page([], 2).pageInfo, {
    hasNextPage: false,
    hasPreviousPage: false,
    startCursor: null,
    endCursor: null,
  });
});

test('a page holds 1 to 100', () => {
  assert.equal(checkFirst(100), 100);
  for (const first of [0, -1, 101]) assert.throws(() => checkFirst(first), /between 1 and 100/);
});
