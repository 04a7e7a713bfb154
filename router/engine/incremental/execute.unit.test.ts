import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { runGraph } from '../../fixtures/graph.ts';
import { interfaceObject } from '../../fixtures/graphs/interface-object.ts';
import { type Script, scriptedEngine } from '../../fixtures/scripted-engine.ts';
import { testContext } from '../../fixtures/test-context.ts';
import { createEngine, type IncrementalPart, type IncrementalPayload } from '../index.ts';

const sdl = {
  a: 'type Query { items: [Item!]! me: Item } type Item @key(fields: "id") { id: ID! name: String }',
  b: 'type Item @key(fields: "id") { id: ID! stock: Int price: Int! }',
};
const a: Script = ({ query }) => {
  if (query.includes('_entities')) return { data: { _entities: [{ name: 'one' }] } };
  return {
    data: {
      items: [
        { __typename: 'Item', id: '1', name: 'one' },
        { __typename: 'Item', id: '2', name: 'two' },
      ],
      me: { __typename: 'Item', id: '1', name: 'one' },
    },
  };
};
const b: Script = ({ variables }) => ({
  data: {
    _entities: ((variables?.representations ?? []) as { id: string }[]).map(({ id }) => ({
      stock: Number(id),
      price: 5,
    })),
  },
});

type Scripts = { a: Script; b: Script };

/** Without what only the format with ids has. */
async function payloads(
  query: string,
  variables?: unknown,
  scripts?: Scripts,
): Promise<IncrementalPayload[]> {
  const all = await whole(query, variables, scripts);
  return all.map(({ pending: _, incremental, ...payload }) => ({
    ...payload,
    ...(incremental && {
      incremental: incremental.map(({ id: _id, added: _added, ...part }) => part as IncrementalPart),
    }),
  }));
}

async function whole(
  query: string,
  variables: unknown = {},
  scripts: Scripts = { a, b },
): Promise<IncrementalPayload[]> {
  const { engine } = await scriptedEngine(sdl, scripts);
  const operation = engine.prepare(query);
  assert.ok(!('errors' in operation), JSON.stringify(operation));
  const all: IncrementalPayload[] = [];
  for await (const payload of engine.executeIncremental(operation, variables, testContext()))
    all.push(JSON.parse(JSON.stringify(payload)));
  return all;
}

describe('@defer', () => {
  test('first what is not deferred, then each object it applies to, with its label', async () => {
    assert.deepEqual(await payloads('{ items { name ... @defer(label: "later") { stock } } }'), [
      { data: { items: [{ name: 'one' }, { name: 'two' }] }, hasNext: true },
      {
        incremental: [
          { data: { stock: 1 }, path: ['items', 0], label: 'later' },
          { data: { stock: 2 }, path: ['items', 1], label: 'later' },
        ],
        hasNext: false,
      },
    ]);
  });
  test('that is switched off changes nothing', async () => {
    const all = [{ data: { me: { name: 'one', stock: 1 } }, hasNext: false }];
    assert.deepEqual(await payloads('{ me { name ... @defer(if: false) { stock } } }'), all);
    assert.deepEqual(
      await payloads('query ($on: Boolean!) { me { name ... @defer(if: $on) { stock } } }', { on: false }),
      all,
    );
    assert.equal(
      (await payloads('query ($on: Boolean!) { me { name ... @defer(if: $on) { stock } } }', { on: true }))
        .length,
      2,
    );
  });
  test('without anything else leaves an empty object first', async () => {
    const [first, second] = await payloads('{ me { ... @defer { stock } } }');
    assert.deepEqual(first, { data: { me: {} }, hasNext: true });
    assert.deepEqual(second, { incremental: [{ data: { stock: 1 }, path: ['me'] }], hasNext: false });
  });
  test('keeps its errors and its nulls to itself', async () => {
    const failing: Script = () => ({
      data: { _entities: [{ price: null }] },
      errors: [{ message: 'no price', path: ['_entities', 0, 'price'] }],
    });
    const [first, second] = await payloads('{ me { name ... @defer { price } } }', {}, { a, b: failing });
    assert.deepEqual(first, { data: { me: { name: 'one' } }, hasNext: true });
    assert.deepEqual(
      second?.incremental?.map(({ data, path }) => [data, path]),
      [[null, ['me']]],
    );
    assert.deepEqual(
      second?.incremental?.[0]?.errors?.map(({ message, path }) => [message, path]),
      [['no price', ['me', 'price']]],
    );
  });
  test('of an object that is null has no payload', async () => {
    const nobody: Script = () => ({ data: { me: null } });
    assert.deepEqual(
      (await payloads('{ me { name ... @defer { stock } } }', {}, { a: nobody, b })).flatMap(
        ({ incremental = [] }) => incremental,
      ),
      [],
    );
  });
  test('with wrong variables is one payload with errors', async () => {
    const [only] = await payloads('query ($on: Boolean!) { me { ... @defer(if: $on) { stock } } }', {});
    assert.equal(only?.errors?.[0]?.extensions?.code, 'BAD_USER_INPUT');
    assert.equal(only?.hasNext, false);
  });
  test('that the stock planner never comes to an end with', async () => {
    const graph = runGraph(interfaceObject);
    const engine = await createEngine({
      supergraphSdl: graph.supergraphSdl,
      transports: (name) => ({
        execute: (request) => graph.execute(name, request),
        subscribe: (request) => graph.subscribe(name, request),
        close: async () => {},
      }),
    });
    const operation = engine.prepare(
      '{ poorest { badge email ... on Person { e0: email ... on Person { ... on Person @defer { age } ... on Account @defer { ... on Account @defer { id } } id } } } }',
    );
    assert.ok(!('errors' in operation));
    const all: IncrementalPayload[] = [];
    for await (const payload of engine.executeIncremental(operation, {}, testContext())) all.push(payload);
    assert.deepEqual(JSON.parse(JSON.stringify(all[0]?.data)), {
      poorest: [
        { badge: null, email: 'a@x', e0: 'a@x', age: 30, id: 'a1' },
        null,
        { badge: '#a3', email: 'c@x', e0: 'c@x', age: null, id: 'a3' },
      ],
    });
    assert.deepEqual(
      all.map(({ hasNext }) => hasNext),
      [true, true, false],
    );
  });
});

describe('what is announced of @defer', () => {
  const added = ({ incremental = [] }: IncrementalPayload) =>
    incremental.map(({ id, added }) => [id, added.map(({ subPath, data }) => [subPath, data])]);

  test('is there from the first payload on, once for each object, with path and label', async () => {
    const [first, second] = await whole('{ items { name ... @defer(label: "later") { stock } } }');
    assert.deepEqual(first?.pending, [
      { id: '0', path: ['items', 0], label: 'later' },
      { id: '1', path: ['items', 1], label: 'later' },
    ]);
    assert.deepEqual(added(second as IncrementalPayload), [
      ['0', [[[], { stock: 1 }]]],
      ['1', [[[], { stock: 2 }]]],
    ]);
  });
  test('in another @defer comes with the payload that completes that one', async () => {
    const all = await whole(
      '{ me { name ... @defer(label: "outer") { stock ... @defer(label: "inner") { price } } } }',
    );
    assert.deepEqual(
      all.map(({ pending = [], hasNext }) => [pending.map(({ label }) => label), hasNext]),
      [
        [['outer'], true],
        [['inner'], true],
        [[], false],
      ],
    );
    assert.deepEqual(all.slice(1).map(added), [[['0', [[[], { stock: 1 }]]]], [['1', [[[], { price: 5 }]]]]]);
  });
  test('in another @defer that failed never comes', async () => {
    const failing: Script = ({ query }) => ({
      data: { _entities: [query.includes('price') ? { price: null } : { stock: 1 }] },
      errors: [{ message: 'no price', path: ['_entities', 0, 'price'] }],
    });
    const all = await whole(
      '{ me { name ... @defer(label: "outer") { price ... @defer(label: "inner") { stock } } } }',
      {},
      { a, b: failing },
    );
    assert.deepEqual(
      all.map(({ pending = [], hasNext }) => [pending.map(({ label }) => label), hasNext]),
      [
        [['outer'], true],
        [[], false],
      ],
    );
  });
  test('of an object that null propagation took away is nothing', async () => {
    const nobody: Script = () => ({ data: { me: null } });
    assert.deepEqual(await whole('{ me { name ... @defer { stock } } }', {}, { a: nobody, b }), [
      { data: { me: null }, hasNext: false },
    ]);
  });
  test('brings no field that came before, but what is new below it', async () => {
    const [, second] = await whole(
      '{ me { name } items { name } ... @defer { me { name stock } items { name stock } } }',
    );
    assert.deepEqual(added(second as IncrementalPayload), [
      [
        '0',
        [
          [['me'], { stock: 1 }],
          [['items', 0], { stock: 1 }],
          [['items', 1], { stock: 2 }],
        ],
      ],
    ]);
  });
});
