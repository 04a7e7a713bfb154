import assert from 'node:assert/strict';
import { test } from 'node:test';
import { temporaryFolder } from '../../test/testkit/index.ts';
import { ask, command } from './running.ts';

test('a home that was seeded by hand is what it was seeded with: a start does not seed it again', async () => {
  await using folder = await temporaryFolder();
  const home = folder.path;
  const seeding = command('seed', ['--products', '3', '--customers', '2'], { home });
  assert.equal(await seeding.ended, 0, seeding.output());
  assert.match(seeding.output(), /Seeded 3 products/);

  const started = command('start', [], { home });
  try {
    const url = await started.ready();
    assert.doesNotMatch(started.output(), /First start/);
    assert.match(started.output(), /Demo logins/);
    const { data } = await ask<{ products: { nodes: unknown[] } }>(url, '{ products { nodes { id } } }');
    assert.equal(data?.products.nodes.length, 3);
  } finally {
    started.child.kill('SIGTERM');
    assert.equal(await started.ended, 0);
  }
});
