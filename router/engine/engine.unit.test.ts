import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { GraphQLError } from 'graphql';
import { runOperation } from '../fixtures/run-operation.ts';
import { scriptedEngine } from '../fixtures/scripted-engine.ts';
import { testContext } from '../fixtures/test-context.ts';

const sdl = {
  a: `type Query { hello(name: String = "you", times: Int, filter: Filter): String! me: User hidden: Int @inaccessible }
    input Filter { limit: Int! = 3 tags: [String!] }
    type User @key(fields: "id") { id: ID! name: String }
    type Mutation { first(n: Int): Int second: User }`,
  b: `type User @key(fields: "id") { id: ID! age: Int } type Mutation { third: Int }`,
};
const scripts = {
  a: ({ query, variables }: { query: string; variables?: object }) => ({
    data: {
      hello: JSON.stringify([query, variables]),
      me: { __typename: 'User', id: '1', name: 'n' },
      second: { __typename: 'User', id: '1' },
      first: 1,
    },
  }),
  b: ({ query }: { query: string }) => ({
    data: query.startsWith('mutation') ? { third: 3 } : { _entities: [{ age: 7 }] },
  }),
};
const start = () => scriptedEngine(sdl, scripts);
const codes = ({ errors = [] }: { errors?: readonly { extensions?: Record<string, unknown> }[] }) =>
  errors.map(({ extensions }) => extensions?.code);

describe('prepare', () => {
  test('refuses what is not GraphQL, not of this schema, or ambiguous, with a code each', async () => {
    const { engine } = await start();
    assert.deepEqual(codes(await runOperation(engine, '{ me { ')), ['GRAPHQL_PARSE_FAILED']);
    assert.deepEqual(codes(await runOperation(engine, '{ nope }')), ['GRAPHQL_VALIDATION_FAILED']);
    assert.deepEqual(codes(await runOperation(engine, '{ hidden }')), ['GRAPHQL_VALIDATION_FAILED']);
    assert.deepEqual(codes(await runOperation(engine, 'subscription { x }')), ['GRAPHQL_VALIDATION_FAILED']);
    assert.deepEqual(codes(await runOperation(engine, 'query A { me { id } } query B { me { id } }')), [
      'OPERATION_RESOLUTION_FAILURE',
    ]);
    assert.deepEqual(codes(engine.prepare('query A { me { id } }', 'B') as never), [
      'OPERATION_RESOLUTION_FAILURE',
    ]);
    assert.deepEqual(codes(await runOperation(engine, 'fragment F on User { id }')), [
      'OPERATION_RESOLUTION_FAILURE',
    ]);
  });
  test('gives the same object for the same text, and another for another operation of it', async () => {
    const { engine } = await start();
    const text = 'query A { me { id } } query B { me { name } }';
    assert.equal(engine.prepare(text, 'A'), engine.prepare(text, 'A'));
    assert.notEqual(engine.prepare(text, 'A'), engine.prepare(text, 'B'));
  });
  test('keeps no more operations than told', async () => {
    const { engine } = await scriptedEngine(sdl, scripts, { cacheSize: 2 });
    const first = engine.prepare('{ a: me { id } }');
    engine.prepare('{ b: me { id } }');
    engine.prepare('{ c: me { id } }');
    assert.notEqual(engine.prepare('{ a: me { id } }'), first);
  });
  test('keeps no padding', async () => {
    const { engine } = await start();
    const padded = `{ me { id } } # ${'x'.repeat(40_000)}`;
    assert.notEqual(engine.prepare(padded), engine.prepare(padded));
  });
  test('asks the given check before anything else', async () => {
    const { engine } = await start();
    const refused = engine.prepare('{ nope }', undefined, { validate: () => [new GraphQLError('too deep')] });
    assert.ok('errors' in refused && refused.errors[0]?.message === 'too deep');
  });
  test('has a bound on tokens', async () => {
    const { engine } = await scriptedEngine(sdl, scripts, { maxTokens: 5 });
    assert.deepEqual(codes(await runOperation(engine, '{ me { id name } }')), ['GRAPHQL_PARSE_FAILED']);
  });
});

describe('variables', () => {
  test('are checked against their types', async () => {
    const { engine } = await start();
    const source = 'query ($n: Int!, $f: Filter) { hello(times: $n, filter: $f) }';
    for (const variables of [
      {},
      { n: 'x' },
      { n: null },
      { n: 1, f: { limit: 'x' } },
      { n: 1, f: { nope: 1 } },
      { n: 2 ** 40 },
      [],
      'x',
      7,
    ]) {
      const result = await runOperation(engine, source, variables);
      assert.deepEqual(new Set(codes(result)), new Set(['BAD_USER_INPUT']), JSON.stringify(variables));
      assert.ok(!('data' in result));
    }
  });
  test('reach the subgraphs as sent; the ones left out keep their defaults', async () => {
    const { engine, calls } = await start();
    await runOperation(
      engine,
      'query ($n: String = "x", $t: Int, $f: Filter) { hello(name: $n, times: $t, filter: $f) }',
      { t: null, f: { tags: 'one' }, other: 1 },
    );
    assert.deepEqual(calls[0]?.request.variables, { t: null, f: { tags: 'one' } });
    assert.match(calls[0]?.request.query ?? '', /\$n:String="x"/);
  });
  test('that are named like what objects inherit do no harm', async () => {
    const { engine, calls } = await start();
    await runOperation(
      engine,
      'query ($constructor: String, $toString: Int) { hello(name: $constructor, times: $toString) }',
      {},
    );
    assert.deepEqual(calls[0]?.request.variables, {});
  });
});

describe('execution', () => {
  test('runs mutations one after the other, as written', async () => {
    const { engine, calls } = await start();
    const { data } = await runOperation(engine, 'mutation { first third second { age id } }');
    assert.deepEqual(data, { first: 1, third: 3, second: { age: 7, id: '1' } });
    assert.deepEqual(
      calls.slice(0, 4).map(({ subgraph, request }) => `${subgraph} ${request.kind}`),
      ['a mutation', 'b mutation', 'a mutation', 'b query'],
    );
  });
  test('hands the same document to the transport each time', async () => {
    const { engine, calls } = await start();
    await runOperation(engine, '{ me { id } }');
    assert.equal(calls[0]?.request.document, calls[1]?.request.document);
  });
  test('answers introspection itself, next to data', async () => {
    const { engine, calls } = await start();
    const source = `query ($type: String!) { me { id } __typename __type(name: $type) { name } other: __type(name: "Hidden") { name } ...S }
      fragment S on Query { s: __schema { queryType { ...N } } } fragment N on __Type { name fields { name } }`;
    const { data } = await runOperation(engine, source, { type: 'User' });
    assert.deepEqual(data, {
      me: { id: '1' },
      __typename: 'Query',
      __type: { name: 'User' },
      other: null,
      s: { queryType: { name: 'Query', fields: [{ name: 'hello' }, { name: 'me' }] } },
    });
    calls.length = 0;
    assert.deepEqual(await runOperation(engine, '{ __schema { queryType { name } } }'), {
      data: { __schema: { queryType: { name: 'Query' } } },
    });
    assert.equal(calls.length, 0);
  });
  test('an empty selection is an empty object', async () => {
    const { engine } = await start();
    assert.deepEqual(
      await runOperation(engine, 'query ($no: Boolean = false) { me @include(if: $no) { id } }'),
      { data: {} },
    );
    assert.deepEqual(await runOperation(engine, '{ me @skip(if: true) { id } }'), { data: {} });
    assert.deepEqual(await runOperation(engine, '{ me { id @skip(if: true) } }'), { data: { me: {} } });
  });
  test('more conditions than there are plans for still work', async () => {
    const { engine } = await start();
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
    const source = `query (${names.map((name) => `$${name}: Boolean!`).join()}) { me { ${names.map((name) => `${name}0: age @include(if: $${name})`).join(' ')} } }`;
    const { data } = await runOperation(
      engine,
      source,
      Object.fromEntries(names.map((name, index) => [name, index % 2 === 0])),
    );
    assert.deepEqual(Object.keys((data as { me: object }).me), ['a0', 'c0', 'e0', 'g0']);
  });
  test('names of fields may be those of what objects inherit', async () => {
    const { engine } = await scriptedEngine(
      { a: 'type Query { constructor: Int toString: T hasOwnProperty: String } type T { valueOf: Int }' },
      { a: () => ({ data: { toString: { valueOf: 1 } } }) },
    );
    assert.deepEqual(
      await runOperation(
        engine,
        '{ constructor toString { valueOf } hasOwnProperty __proto__: hasOwnProperty }',
      ),
      {
        data: JSON.parse(
          '{"constructor":null,"toString":{"valueOf":1},"hasOwnProperty":null,"__proto__":null}',
        ),
      },
    );
  });
  test('a foreign operation is a mistake of the program', async () => {
    const { engine } = await start();
    await assert.rejects(engine.execute({} as never, {}, testContext()), TypeError);
  });
});
