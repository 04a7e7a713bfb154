import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { runOperation } from '../fixtures/run-operation.ts';
import { scriptedEngine } from '../fixtures/scripted-engine.ts';

const sdl = {
  a: `enum Size { S M } scalar Any
    interface Pet { name: String }
    type Cat implements Pet { name: String lives: Int! } type Dog implements Pet { name: String tail: Boolean }
    type Query { item: Item must: Item! items: [Item] strict: [Item!] all: [Item!]! grid: [[Int!]] pet: Pet id: ID size: Size any: Any int: Int float: Float text: String yes: Boolean }
    type Item { id: ID! name: String! sub: Item deep: Item! tags: [String!] }`,
};

async function answer(query: string, data: unknown, errors?: unknown) {
  const { engine } = await scriptedEngine(sdl, { a: () => ({ data, ...(errors ? { errors } : {}) }) });
  const result = await runOperation(engine, query);
  return { data: result.data, paths: (result.errors ?? []).map(({ path }) => path?.join('.')) };
}

describe('null propagation (GraphQL 6.4.4)', () => {
  test('a null for a non-null field makes its object null, with one error at the field', async () => {
    assert.deepEqual(await answer('{ item { id name } }', { item: { id: '1', name: null } }), {
      data: { item: null },
      paths: ['item.name'],
    });
  });
  test('it goes up to the next nullable field', async () => {
    const data = { item: { sub: { deep: { deep: { name: null } } } } };
    assert.deepEqual(await answer('{ item { sub { deep { deep { name } } } } }', data), {
      data: { item: { sub: null } },
      paths: ['item.sub.deep.deep.name'],
    });
  });
  test('and to the whole response when there is none', async () => {
    assert.deepEqual(
      await answer('{ must { deep { name } } item { id } }', {
        must: { deep: { name: null } },
        item: { id: '1' },
      }),
      {
        data: null,
        paths: ['must.deep.name'],
      },
    );
  });
  test('in lists, by the nullability of elements', async () => {
    const data = { items: [{ name: 'a' }, { name: null }], strict: [{ name: 'a' }, { name: null }] };
    assert.deepEqual(await answer('{ items { name } strict { name } }', data), {
      data: { items: [{ name: 'a' }, null], strict: null },
      paths: ['items.1.name', 'strict.1.name'],
    });
    assert.deepEqual(await answer('{ all { id } item { id } }', { all: [null], item: null }), {
      data: null,
      paths: ['all.0'],
    });
    assert.deepEqual(await answer('{ grid }', { grid: [[1, null], null, [2]] }), {
      data: { grid: [null, null, [2]] },
      paths: ['grid.0.1'],
    });
  });
  test('a subgraph error that explains the null is the only error', async () => {
    const errors = [{ message: 'no name', path: ['item', 'name'] }];
    assert.deepEqual(await answer('{ item { name } }', { item: null }, errors), {
      data: { item: null },
      paths: ['item.name'],
    });
    assert.deepEqual(
      await answer('{ must { name } }', null, [{ message: 'no name', path: ['must', 'name'] }]),
      { data: null, paths: ['must.name'] },
    );
  });
  test('a field that is missing altogether is null', async () => {
    assert.deepEqual(await answer('{ item { id sub { id } } text }', { item: { id: '1' } }), {
      data: { item: { id: '1', sub: null }, text: null },
      paths: [],
    });
  });
});

describe('invalid subgraph data', () => {
  const cases: [string, string, unknown][] = [
    ['an object where a list belongs', 'items { id }', { id: '1' }],
    ['a list where an object belongs', 'item { id }', [{ id: '1' }]],
    ['a string where an object belongs', 'item { id }', 'one'],
    ['an unknown enum value', 'size', 'XXL'],
    ['a number for an enum', 'size', 1],
    ['a fraction for an Int', 'int', 1.5],
    ['an Int beyond 32 bits', 'int', 2 ** 31],
    ['a string for an Int', 'int', '1'],
    ['a string for a Float', 'float', '1'],
    ['a number for a String', 'text', 1],
    ['an object for a String', 'text', {}],
    ['a number for a Boolean', 'yes', 1],
    ['a Boolean for an ID', 'id', true],
    ['a number for an ID that may stand for another', 'id', 2 ** 53],
    ['a type that is no member', 'pet { name }', { __typename: 'Item', name: 'x' }],
    ['a type that does not exist', 'pet { name }', { __typename: 'Fish', name: 'x' }],
    ['a __typename that is no name', 'pet { name }', { __typename: 7, name: 'x' }],
  ];
  for (const [what, selection, value] of cases) {
    test(`${what} becomes null, with an error at the field`, async () => {
      const field = selection.split(' ')[0] ?? '';
      assert.deepEqual(await answer(`{ ${selection} }`, { [field]: value }), {
        data: { [field]: null },
        paths: [field],
      });
    });
  }
  test('valid leaves pass, an ID as a string', async () => {
    const data = {
      int: -(2 ** 31),
      float: 1e21,
      text: '"\\\u0000\ud800',
      yes: false,
      id: 12,
      size: 'M',
      any: { a: [null, { b: 1 }] },
    };
    const result = await answer('{ int float text yes id size any }', data);
    assert.deepEqual(result, { data: { ...data, id: '12' }, paths: [] });
  });
  test('fields are those of the runtime type', async () => {
    const query = '{ pet { __typename ... on Pet { name } ... on Cat { lives } ... on Dog { tail } } }';
    const cat = { __typename: 'Cat', name: 'Tom', lives: 9 };
    assert.deepEqual((await answer(query, { pet: cat })).data, { pet: cat });
    assert.deepEqual(await answer(query, { pet: { __typename: 'Cat', name: 'Tom' } }), {
      data: { pet: null },
      paths: ['pet.lives'],
    });
  });
});
