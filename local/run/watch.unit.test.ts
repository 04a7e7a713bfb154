import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder, until } from '../../test/testkit/index.ts';
import { impactOf, watchFiles } from './watch.ts';

const NAMES = ['identity', 'orders'];
const NOTHING = { subgraphs: [], router: false, compose: false };

test('a change touches what it belongs to and nothing else', () => {
  assert.deepEqual(impactOf(['subgraphs/orders/domain/order.ts'], NAMES), {
    ...NOTHING,
    subgraphs: ['orders'],
  });
  assert.deepEqual(impactOf(['subgraphs/orders/schema.graphql'], NAMES), {
    subgraphs: ['orders'],
    router: false,
    compose: true,
  });
  assert.deepEqual(impactOf(['router/engine/run.ts'], NAMES), { ...NOTHING, router: true });
  assert.deepEqual(impactOf(['platform/ids/index.ts'], NAMES), {
    ...NOTHING,
    subgraphs: NAMES,
    router: true,
  });
  assert.deepEqual(impactOf(['supergraph.yaml'], NAMES), { ...NOTHING, compose: true });
  assert.deepEqual(
    impactOf(['subgraphs/orders/README.md', 'subgraphs/orders/a.unit.test.ts'], NAMES),
    NOTHING,
  );
});

test('changes that come together are told together, by their path', async () => {
  await using folder = await temporaryFolder();
  const root = folder.path;
  mkdirSync(join(root, 'subgraphs/orders/domain'), { recursive: true });
  writeFileSync(join(root, 'supergraph.yaml'), '');
  const batches: (readonly string[])[] = [];
  const watcher = watchFiles(root, ['subgraphs', 'supergraph.yaml'], async (files) => {
    batches.push(files);
  });
  writeFileSync(join(root, 'subgraphs/orders/domain/order.ts'), '1');
  writeFileSync(join(root, 'supergraph.yaml'), '2');
  await until(() => batches.length > 0);
  watcher.close();
  assert.deepEqual([...(batches[0] ?? [])].sort(), ['subgraphs/orders/domain/order.ts', 'supergraph.yaml']);
});
