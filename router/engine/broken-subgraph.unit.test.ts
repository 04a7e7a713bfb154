import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { runOperation } from '../fixtures/run-operation.ts';
import { type Script, scriptedEngine } from '../fixtures/scripted-engine.ts';
import { TransportError } from '../transports/transport-error.ts';

const sdl = {
  a: 'type Query { products: [Product!]! me: Product } type Product @key(fields: "id") { id: ID! name: String }',
  b: 'type Product @key(fields: "id") { id: ID! stock: Int price: Int! } type Query { b: Int b2: Int }',
};
const products: Script = () => ({
  data: { products: [1, 2, 1].map((id) => ({ __typename: 'Product', id: String(id), name: `n${id}` })) },
});
const down: Script = () => {
  throw new TransportError('SUBGRAPH_TIMEOUT', 'b', 'Subgraph "b" did not answer in time');
};

async function run(query: string, b: Script) {
  const { engine, calls } = await scriptedEngine(sdl, { a: products, b });
  const { data, errors = [] } = await runOperation(engine, query);
  return {
    data,
    calls,
    errors: errors.map(({ path, extensions }) => `${path?.join('.')} ${extensions?.code}`),
  };
}

describe('a subgraph that fails', () => {
  test('costs only its own fields, each with an error at its path', async () => {
    const { data, errors } = await run('{ products { name stock } b }', down);
    assert.deepEqual(data, {
      products: [
        { name: 'n1', stock: null },
        { name: 'n2', stock: null },
        { name: 'n1', stock: null },
      ],
      b: null,
    });
    assert.deepEqual(errors.sort(), [
      'b SUBGRAPH_TIMEOUT',
      ...[0, 1, 2].map((i) => `products.${i}.stock SUBGRAPH_TIMEOUT`),
    ]);
  });
  test('propagates null where its fields may not be null', async () => {
    const { data, errors } = await run('{ products { name price } }', down);
    assert.equal(data, null);
    assert.deepEqual(errors, ['products.0.price SUBGRAPH_TIMEOUT']);
  });
  test('an error without a path belongs to everything the fetch owed', async () => {
    const { data, errors } = await run('{ products { stock } b }', ({ query }) =>
      query.includes('_entities') ? { errors: [{ message: 'no' }] } : { data: { b: 1 } },
    );
    assert.deepEqual(data, { products: [{ stock: null }, { stock: null }, { stock: null }], b: 1 });
    assert.deepEqual(
      errors,
      [0, 1, 2].map((i) => `products.${i}.stock DOWNSTREAM_SERVICE_ERROR`),
    );
  });
  test('an error of an entity is told at each place of it', async () => {
    const errorAt = (index: number) => ({
      data: { _entities: [{ stock: 1 }, { stock: null }] },
      errors: [{ message: 'no', path: ['_entities', index, 'stock'], extensions: { code: 'OUT' } }],
    });
    assert.deepEqual((await run('{ products { stock } }', () => errorAt(1))).errors, [
      'products.1.stock OUT',
    ]);
    assert.deepEqual((await run('{ products { stock } }', () => errorAt(0))).errors, [
      'products.0.stock OUT',
      'products.2.stock OUT',
    ]);
  });
  test('a message that is a surprise is not told to clients', async () => {
    const { engine } = await scriptedEngine(sdl, {
      a: products,
      b: () => {
        throw new Error('password=hunter2');
      },
    });
    assert.doesNotMatch(JSON.stringify(await runOperation(engine, '{ b }')), /hunter2/);
  });
  const bad: [string, unknown][] = [
    ['nothing', undefined],
    ['a list', []],
    ['neither data nor errors', {}],
    ['data that is no object', { data: 'x' }],
    ['errors that are no list', { data: { b: 1 }, errors: 'x' }],
    ['no list of entities', { data: { _entities: 7 } }],
    ['too few entities', { data: { _entities: [{ stock: 1 }] } }],
    ['too many entities', { data: { _entities: [null, null, null] } }],
  ];
  for (const [what, response] of bad) {
    test(`an answer of ${what} is a bad response`, async () => {
      const { data, errors } = await run('{ products { stock } }', () => response);
      assert.deepEqual(data, { products: [{ stock: null }, { stock: null }, { stock: null }] });
      assert.deepEqual(
        errors,
        [0, 1, 2].map((i) => `products.${i}.stock SUBGRAPH_BAD_RESPONSE`),
      );
    });
  }
  test('entities that are not objects are nulls', async () => {
    const { data, errors } = await run('{ products { stock } }', () => ({
      data: { _entities: [null, 'x'] },
    }));
    assert.deepEqual(data, { products: [{ stock: null }, { stock: null }, { stock: null }] });
    assert.deepEqual(errors, []);
  });
});

describe('entities', () => {
  test('each distinct one is asked for once', async () => {
    const { data, calls } = await run('{ products { stock } }', () => ({
      data: { _entities: [{ stock: 1 }, { stock: 2 }] },
    }));
    assert.deepEqual(data, { products: [{ stock: 1 }, { stock: 2 }, { stock: 1 }] });
    const asked = calls.find(({ subgraph }) => subgraph === 'b')?.request.variables?.representations;
    assert.deepEqual(asked, [
      { __typename: 'Product', id: '1' },
      { __typename: 'Product', id: '2' },
    ]);
  });
  test('none are asked for when there are none', async () => {
    const { engine, calls } = await scriptedEngine(sdl, {
      a: () => ({ data: { products: [] } }),
      b: () => assert.fail('called'),
    });
    assert.deepEqual(await runOperation(engine, '{ products { stock } }'), { data: { products: [] } });
    assert.deepEqual([...new Set(calls.map(({ subgraph }) => subgraph))], ['a']);
  });
  test('one whose key did not come is not asked for', async () => {
    const { engine, calls } = await scriptedEngine(sdl, {
      a: () => ({ data: { me: { __typename: 'Product' } } }),
      b: () => assert.fail('called'),
    });
    assert.deepEqual(await runOperation(engine, '{ me { stock } }'), { data: { me: { stock: null } } });
    assert.ok(calls.every(({ subgraph }) => subgraph === 'a'));
  });
});
