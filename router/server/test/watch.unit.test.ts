import assert from 'node:assert/strict';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { until } from '../../../test/testkit/until.ts';
import type { RunningRouter } from '../index.ts';
import { post, testRouter } from './test-router.ts';

let folder: string;
let router: RunningRouter;

/** As editors do it: another file takes the place of the old one. */
async function replace(name: string, content: string): Promise<void> {
  await writeFile(join(folder, `${name}~`), content);
  await rename(join(folder, `${name}~`), join(folder, name));
}
const entry = (name: string) =>
  `  ${name}: { routing_url: http://127.0.0.1:1/graphql, schema: { file: ./${name}.graphql } }\n`;
const fields = async (): Promise<string> => {
  const { body } = await post(router, { query: '{ __schema { queryType { fields { name } } } }' });
  return body.data.__schema.queryType.fields.map(({ name }: { name: string }) => name).join(' ');
};
const serves = (names: string) => until(async () => (await fields()) === names, { what: names });
const reloads = (outcome: string) => router.meter.value('aisle_router_reloads_total', { outcome }) ?? 0;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aisle-watch-'));
  await writeFile(join(folder, 'a.graphql'), 'type Query { a: Int }');
  await writeFile(join(folder, 'b.graphql'), 'type Query { b: Int }');
  await writeFile(join(folder, 'supergraph.yaml'), `subgraphs:\n${entry('a')}${entry('b')}`);
  router = await testRouter({
    supergraph: { file: join(folder, 'supergraph.yaml') },
    hosts: {},
    watch: true,
  });
});

after(async () => {
  await router.stop();
  await rm(folder, { recursive: true });
});

describe('a router that watches a supergraph.yaml', { concurrency: false }, () => {
  it('follows a schema it names, written to in place', async () => {
    assert.equal(await fields(), 'a b');
    await writeFile(join(folder, 'b.graphql'), 'type Query { b: Int more: Int }');
    await serves('a b more');
  });

  it('follows a schema that is replaced by renaming, by one of the same length too', async () => {
    await replace('b.graphql', 'type Query { b: Int less: Int }');
    await serves('a b less');
  });

  it('keeps what it has while a schema does not compose, says so, and takes the one that does', async () => {
    await replace('a.graphql', 'type Query { a: Missing }');
    await until(() => reloads('failed') === 1, { what: 'a refused reload' });
    assert.equal(await fields(), 'a b less');
    await replace('a.graphql', 'type Query { z: Int }');
    await serves('z b less');
  });

  it('composes once what changes at once', async () => {
    const before = reloads('ok');
    await Promise.all([
      replace('a.graphql', 'type Query { a2: Int }'),
      replace('b.graphql', 'type Query { b2: Int }'),
    ]);
    await serves('a2 b2');
    assert.equal(reloads('ok'), before + 1);
    assert.equal(reloads('failed'), 1);
  });

  it('watches a schema from when it is named, one that comes later than its name as well', async () => {
    await replace('supergraph.yaml', `subgraphs:\n${entry('a')}${entry('c')}`);
    await until(() => reloads('failed') === 2, { what: 'a refused reload' });
    assert.equal(await fields(), 'a2 b2');
    await writeFile(join(folder, 'c.graphql'), 'type Query { c: Int }');
    await serves('a2 c');
    await replace('c.graphql', 'type Query { c: Int c2: Int }');
    await serves('a2 c c2');
  });
});
