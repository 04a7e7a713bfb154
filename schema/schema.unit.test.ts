import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildSchema, parse } from 'graphql';
import { judge } from './changes.ts';
import { breakingChanges, type JsonSchema } from './events.ts';
import { lintSdl } from './lint.ts';

const before = buildSchema(
  'type Query { product(id: ID!): Product old: Int } type Product { id: ID! title: String! }',
);
const operations = [
  { name: 'web:ProductPage', document: parse('query ProductPage { product(id: 1) { title } }') },
];

test('a change that breaks what a client sends names the client and the operation', () => {
  const after = buildSchema(
    'type Query { product(id: ID!): Product } type Product { id: ID! name: String! }',
  );
  const { breaking } = judge(before, after, operations);
  assert.equal(breaking.length, 1);
  assert.match(breaking[0]!, /^breaks web:ProductPage: Cannot query field "title"/);
});

test('a breaking change that no client notices is told, and an addition is nothing', () => {
  const unused = judge(
    before,
    buildSchema('type Query { product(id: ID!): Product } type Product { id: ID! title: String! }'),
    operations,
  );
  assert.deepEqual(unused.breaking, []);
  assert.ok(unused.noticed.some((change) => change.startsWith('FIELD_REMOVED: Query.old')));
  const added = judge(
    before,
    buildSchema(
      'type Query { product(id: ID!): Product old: Int } type Product { id: ID! title: String! new: Int }',
    ),
    operations,
  );
  assert.deepEqual(added, { breaking: [], noticed: [] });
});

test('events only grow within a version', () => {
  const schema = (properties: Record<string, JsonSchema>, required: string[]): JsonSchema => ({
    type: 'object',
    properties,
    required,
  });
  const old = schema({ id: { type: 'string' }, kind: { type: 'string', enum: ['a'] } }, ['id']);
  assert.deepEqual(
    breakingChanges('E.v1', old, schema({ ...old.properties, more: { type: 'integer' } }, ['id', 'more'])),
    [],
  );
  assert.match(
    breakingChanges('E.v1', old, schema({ kind: old.properties!.kind! }, []))[0]!,
    /E.v1.id is gone/,
  );
  assert.match(
    breakingChanges('E.v1', old, schema({ ...old.properties, id: { type: 'integer' } }, ['id']))[0]!,
    /was string, is integer/,
  );
  assert.match(breakingChanges('E.v1', old, schema(old.properties!, []))[0]!, /may be absent/);
  assert.match(
    breakingChanges(
      'E.v1',
      old,
      schema({ ...old.properties, kind: { type: 'string', enum: ['a', 'b'] } }, ['id']),
    )[0]!,
    /may be b now/,
  );
});

test('the linter asks for descriptions and the names of the field', () => {
  const problems = lintSdl(
    'x',
    parse('"Things." type thing { "Ok." id: ID! Name(arg: Int): String } enum E { "v" low }'),
  );
  assert.deepEqual(problems, [
    'x: thing is not PascalCase',
    'x: thing.Name has no description',
    'x: thing.Name is not camelCase',
    'x: thing.Name(arg:) has no description',
    'x: E has no description',
    'x: E.low is not UPPER_CASE',
  ]);
});
