import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { CompositionFailure, composeApart, composeFile } from './index.ts';

const OURS = join(import.meta.dirname, '../../supergraph.yaml');

test('it composes the same in a thread of its own, and this one goes on meanwhile', async () => {
  let turns = 0;
  const turning = setInterval(() => turns++, 1);
  const apart = await composeApart(OURS);
  clearInterval(turning);
  assert.deepEqual(apart, await composeFile(OURS));
  assert.ok(turns > 20, `${turns} turns of the event loop`);
});

test('it fails the same', async () => {
  await assert.rejects(composeApart('/nowhere/supergraph.yaml'), (error: unknown) => {
    assert.ok(error instanceof CompositionFailure);
    assert.equal(error.problems[0]?.code, 'SUPERGRAPH_FILE');
    return true;
  });
});
