import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { CompositionFailure, composeFile, composeSubgraphs } from './index.ts';

const LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@authenticated", "@requiresScopes", "@policy", "@cost", "@listSize", "@tag"])\n';
const source = (name: string, sdl: string) => ({
  name,
  url: `http://${name}.invalid`,
  file: `${name}.graphql`,
  sdl: LINK + sdl,
});

function problemsOf(action: () => unknown) {
  try {
    action();
  } catch (error) {
    assert.ok(error instanceof CompositionFailure);
    return error.problems;
  }
  return assert.fail('it composed');
}

describe('composition', () => {
  test('gives the supergraph and the hints', () => {
    const { supergraphSdl, hints } = composeSubgraphs([
      source(
        'a',
        'type Query { a: T @authenticated } type T @key(fields: "id") { id: ID! s: String @shareable @cost(weight: 3) }',
      ),
      source('b', '"one" type T @key(fields: "id") { id: ID! s: String! @shareable }'),
    ]);
    assert.match(supergraphSdl, /enum join__Graph/);
    assert.ok(hints.some(({ code }) => code === 'INCONSISTENT_BUT_COMPATIBLE_FIELD_TYPE'));
  });
  test('names @requires that need themselves, where the composition of Apollo goes round for ever', () => {
    const link = LINK.replace('"@key"', '"@key", "@requires", "@external"');
    const of = (name: string, sdl: string) => ({ ...source(name, ''), sdl: link + sdl });
    const problems = problemsOf(() =>
      composeSubgraphs([
        of('a', 'type Query { parcels: [Parcel] } type Parcel @key(fields: "id") { id: ID! next: Parcel }'),
        of(
          'b',
          `type Parcel @key(fields: "id") {
            id: ID! next: Parcel @external rate: String @external
            price: String @requires(fields: "next { rate }")
          }`,
        ),
        of(
          'c',
          'type Parcel @key(fields: "id") { id: ID! price: String @external rate: String @requires(fields: "price") }',
        ),
      ]),
    );
    assert.deepEqual(problems, [
      {
        code: 'REQUIRES_CIRCULAR',
        message: '@requires of Parcel.price needs itself: Parcel.price → Parcel.rate → Parcel.price.',
        locations: ['b.graphql:4:13', 'c.graphql:2:66'],
      },
    ]);
  });
  test('names every syntax error with its place', () => {
    const problems = problemsOf(() => composeSubgraphs([source('a', 'type Query {'), source('b', 'type')]));
    assert.deepEqual(
      problems.map(({ code }) => code),
      ['INVALID_GRAPHQL', 'INVALID_GRAPHQL'],
    );
    assert.match(problems[0]?.locations[0] ?? '', /^a\.graphql:2:\d+$/);
  });
  test('names what does not fit, with the code and the place', () => {
    const problems = problemsOf(() =>
      composeSubgraphs([
        source('a', 'type Query { a: T } type T { x: Int }'),
        source('b', 'type Query { b: T } type T { x: String }'),
      ]),
    );
    assert.ok(
      problems.some(({ code }) => code === 'FIELD_TYPE_MISMATCH' || code === 'INVALID_FIELD_SHARING'),
    );
    assert.ok(
      problems.some(({ locations }) => locations.some((place) => /^a\.graphql:\d+:\d+$/.test(place))),
      JSON.stringify(problems),
    );
  });
});

describe('supergraph.yaml', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'compose-'));
    await writeFile(join(folder, 'a.graphql'), `${LINK}type Query { a: Int }`);
  });
  after(() => rm(folder, { recursive: true }));

  const compose = async (yaml: string) => {
    const file = join(folder, 'supergraph.yaml');
    await writeFile(file, yaml);
    return composeFile(file);
  };
  const refused = (yaml: string, message: RegExp) =>
    assert.rejects(
      compose(yaml),
      (error) =>
        error instanceof CompositionFailure &&
        message.test(error.message) &&
        error.problems.every(({ code }) => code === 'SUPERGRAPH_FILE'),
    );

  test('is read as rover reads it, schemas relative to it', async () => {
    const { subgraphs } = await compose(
      'federation_version: =2.9.0\nsubgraphs:\n  a:\n    routing_url: http://localhost:4001/graphql\n    schema:\n      file: ./a.graphql\n',
    );
    assert.deepEqual(
      subgraphs.map(({ name, url, file }) => [name, url, file]),
      [['a', 'http://localhost:4001/graphql', join(folder, 'a.graphql')]],
    );
  });
  test('that is wrong is refused with the reason', async () => {
    const ok = 'routing_url: http://x, schema: { file: a.graphql }';
    await refused('a: [', /is not YAML/);
    await refused('subgraphs: {}', /at least one subgraph/);
    await refused(
      `subgraphs: { a: { routing_url: nowhere, schema: { file: a.graphql } } }`,
      /subgraphs\.a\.routing_url/,
    );
    await refused(`subgraphs: { a: { ${ok}, extra: 1 } }`, /subgraphs\.a/);
    await refused(`subgraphs: { "1 2": { ${ok} } }`, /subgraphs/);
    await refused(
      `subgraphs: { a: { routing_url: http://x, schema: { file: none.graphql } } }`,
      /none\.graphql/,
    );
    await assert.rejects(composeFile(join(folder, 'absent.yaml')), /cannot be read/);
  });
});
