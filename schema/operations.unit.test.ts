import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { buildSchema } from 'graphql';
import { judge } from './changes.ts';
import { BASELINE } from './compose.ts';
import { type Manifest, operationProblems, readOperations, renderManifest } from './operations.ts';

const api = buildSchema('type Query { a(first: Int): A } type A { id: ID! a: A }');
const graph = { api, supergraphSdl: '' };

describe('registered operations', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'aisle-clients-'));
    await mkdir(join(folder, 'web'));
    await mkdir(join(folder, 'app'));
  });
  after(() => rm(folder, { recursive: true, force: true }));
  const write = (file: string, text: string) => writeFile(join(folder, file), text);
  const manifest = async () => JSON.parse(await renderManifest(folder)) as Manifest;

  it('are named by client, whole with their fragments, known by the SHA-256 of what they are', async () => {
    await write('web/fragments.graphql', 'fragment Z on A { id } fragment Unused on A { a { id } }');
    await write('web/page.graphql', '# A page.\nquery Page { a { ...Z } }  mutation Other { x }');
    await write('app/page.graphql', 'query Page{a{id}}');
    const { operations } = await manifest();
    assert.deepEqual(
      operations.map(({ name, type }) => [name, type]),
      [
        ['app:Page', 'query'],
        ['web:Other', 'mutation'],
        ['web:Page', 'query'],
      ],
    );
    const page = operations[2] ?? assert.fail();
    assert.equal(page.body, 'query Page {\n  a {\n    ...Z\n  }\n}\n\nfragment Z on A {\n  id\n}');
    for (const { id, body } of operations) assert.equal(id, createHash('sha256').update(body).digest('hex'));
  });

  it('are the same bytes however the files are laid out', async () => {
    const earlier = await renderManifest(folder);
    await rm(join(folder, 'web/page.graphql'));
    await write('web/all.graphql', 'mutation Other {\n x }\n');
    await write('web/zz.graphql', 'query Page\n{ a\n{ ...Z, } }');
    assert.equal(await renderManifest(folder), earlier);
  });

  it('that the graph refuses are told by name', async () => {
    const deep = `${'{ a '.repeat(11)}{ id }${'}'.repeat(11)}`;
    await write(
      'app/page.graphql',
      `query Deep ${deep} query Twice { a { id } } query Twice { a { id } } { a { id } }`,
    );
    const problems = await operationProblems(graph, folder);
    assert.deepEqual(problems, [
      'app:Deep: The operation is 12 levels deep; 10 are allowed.',
      'app:Twice: is there twice',
      'app:anonymous: has no name',
      'web:Other: the API has no mutations',
    ]);
    await write('app/page.graphql', 'query {');
    await assert.rejects(manifest(), /app\/page.graphql is no GraphQL/);
  });
});

describe('the operations of our clients', () => {
  it('are judged by name when the API changes', async () => {
    const before = await readFile(BASELINE, 'utf8');
    const operations = await readOperations();
    assert.ok(operations.some(({ name }) => name === 'shop:PlaceOrder'));
    const without = before.replace(/(?<=\ntype Product \{[^}]*)\n {2}title:/, '\n  headline:');
    assert.notEqual(without, before);
    const { breaking } = judge(buildSchema(before), buildSchema(without), operations);
    assert.ok(
      breaking.includes('breaks web:ProductPage: Cannot query field "title" on type "Product".'),
      breaking.join('\n'),
    );
    assert.deepEqual(judge(buildSchema(before), buildSchema(before), operations).breaking, []);
  });
});
