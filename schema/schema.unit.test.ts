import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildSchema, parse } from 'graphql';
import { judge } from './changes.ts';
import { breakingChanges, type JsonSchema } from './event-changes.ts';
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

test('what an event promises of a value is kept within a version', () => {
  const string = { type: 'string' };
  const nothing = { type: 'null' };
  const cases: [JsonSchema, JsonSchema, RegExp | undefined][] = [
    [string, { anyOf: [string, nothing] }, /form now that consumers do not know \(null\)/],
    [{ anyOf: [string, nothing] }, string, undefined],
    [{ oneOf: [{ const: 'a' }] }, { oneOf: [{ const: 'a' }, { const: 'b' }] }, /form now/],
    [{ ...string, const: 'a' }, { ...string, const: 'b' }, /may be b now/],
    [{ ...string, const: 'a' }, { ...string, enum: ['a', 'b'] }, /may be b now/],
    [{ ...string, enum: ['a', 'b'] }, { ...string, const: 'a' }, undefined],
    [{ ...string, format: 'date-time' }, string, /had format date-time, has none/],
    [string, { ...string, format: 'date-time' }, undefined],
    [{ ...string, maxLength: 3 }, { ...string, maxLength: 4 }, /had maxLength 3, has 4/],
    [{ ...string, maxLength: 3 }, { ...string, maxLength: 2 }, undefined],
    [{ type: 'integer', minimum: 0 }, { type: 'integer', minimum: -1 }, /had minimum 0, has -1/],
    [{ type: 'array', items: string }, { type: 'array' }, /\[\] may be anything/],
    [
      { type: 'array', prefixItems: [string] },
      { type: 'array', prefixItems: [nothing] },
      /E\[0\] was string/,
    ],
    [
      { type: 'object', additionalProperties: string },
      { type: 'object', additionalProperties: { type: 'integer' } },
      /E\.\* was string, is integer/,
    ],
    [{ type: 'object', additionalProperties: false }, { type: 'object' }, undefined],
  ];
  for (const [before, after, problem] of cases) {
    const found = breakingChanges('E', before, after);
    if (problem) assert.match(found.join('; '), problem, JSON.stringify([before, after]));
    else assert.deepEqual(found, [], JSON.stringify([before, after]));
  }
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

test('the linter looks at arguments and directives as well', () => {
  const problems = lintSdl(
    'x',
    parse(`
      directive @Hint on FIELD_DEFINITION
      "Things." type Thing { "A." a("One." Some_arg: Int): Int @deprecated "B." b: Int @deprecated(reason: "Use a.") }
      "In." input In { "C." c: Int @deprecated(reason: " ") }
      "E." enum E { "V." V @deprecated }
    `),
  );
  assert.deepEqual(problems, [
    'x: @Hint is not camelCase',
    'x: Thing.a is deprecated without a reason that says what to use instead',
    'x: Thing.a(Some_arg:) is not camelCase',
    'x: In.c is deprecated without a reason that says what to use instead',
    'x: E.V is deprecated without a reason that says what to use instead',
  ]);
});
