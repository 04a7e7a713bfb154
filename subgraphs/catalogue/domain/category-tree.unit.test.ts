import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Category, categoryTree } from './category-tree.ts';

const category = (id: string, parentId: string | null, position = 0): Category => ({
  id,
  slug: `s-${id}`,
  name: id,
  parentId,
  position,
});

test('the tree is in shop order, and every node knows its path', () => {
  const tree = categoryTree([
    category('spaghetti', 'pasta'),
    category('bakery', null, 2),
    category('pantry', null, 1),
    category('rice', 'pantry', 2),
    category('pasta', 'pantry', 1),
  ]);
  assert.deepEqual(
    tree.roots.map(({ id }) => id),
    ['pantry', 'bakery'],
  );
  assert.deepEqual(tree.byId('pantry')?.children, ['pasta', 'rice']);
  assert.deepEqual(tree.byId('spaghetti')?.path, ['pantry', 'pasta', 'spaghetti']);
  assert.equal(tree.bySlug('s-spaghetti')?.level, 3);
});

test('orphans, circles and a fourth level are left out', () => {
  const tree = categoryTree([
    category('a', null),
    category('b', 'a'),
    category('c', 'b'),
    category('d', 'c'),
    category('orphan', 'nowhere'),
    category('x', 'y'),
    category('y', 'x'),
  ]);
  for (const id of ['d', 'orphan', 'x', 'y']) assert.equal(tree.byId(id), undefined, id);
  assert.deepEqual(tree.byId('c')?.children, []);
});
