import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { runOperation } from '../../fixtures/run-operation.ts';
import { scriptedEngine } from '../../fixtures/scripted-engine.ts';
import type { SubgraphRequest } from '../types.ts';

const sdl = {
  a: `type Query { one: P two: P many: [P!]! box: Box } type Mutation { one: P two: P } type Box { p: P deep: Box }
    type P @key(fields: "id") { id: ID! }`,
  b: 'type P @key(fields: "id") { id: ID! stock: Int owner: Owner } type Owner @key(fields: "id") { id: ID! }',
  c: 'type Owner @key(fields: "id") { id: ID! name(short: Boolean): String }',
};
const p = (id: string) => ({ __typename: 'P', id });
const ids = ({ variables }: SubgraphRequest) =>
  ((variables?.representations ?? []) as { id: string }[]).map(({ id }) => id);

function start(
  b: (request: SubgraphRequest) => unknown = (request) => ({
    data: {
      _entities: ids(request).map((id) => ({ stock: Number(id), owner: { __typename: 'Owner', id } })),
    },
  }),
) {
  return scriptedEngine(sdl, {
    a: () => ({
      data: { one: p('1'), two: p('2'), many: [p('1'), p('3')], box: { p: p('1'), deep: { p: p('4') } } },
    }),
    b,
    c: (request) => ({
      data: {
        _entities: ids(request).map((id) => ({ name: request.query.includes('short') ? 'N' : `Name ${id}` })),
      },
    }),
  });
}

describe('fetches of one operation that ask the same', () => {
  test('are one call, each entity once, and each place gets its answer', async () => {
    const { engine, calls } = await start();
    const { data } = await runOperation(
      engine,
      '{ one { stock } two { stock } many { stock } box { p { stock } deep { p { stock } } } }',
    );
    assert.deepEqual(data, {
      one: { stock: 1 },
      two: { stock: 2 },
      many: [{ stock: 1 }, { stock: 3 }],
      box: { p: { stock: 1 }, deep: { p: { stock: 4 } } },
    });
    // Every operation is run twice by the helper.
    const toB = calls.filter(({ subgraph }) => subgraph === 'b');
    assert.deepEqual(
      toB.map(({ request }) => ids(request)),
      [
        ['1', '2', '3', '4'],
        ['1', '2', '3', '4'],
      ],
    );
  });
  test('tell an error at every place it concerns', async () => {
    const { engine } = await start((request) => ({
      data: { _entities: ids(request).map((id) => ({ stock: id === '1' ? null : 2 })) },
      errors: [{ message: 'no', path: ['_entities', ids(request).indexOf('1'), 'stock'] }],
    }));
    const { errors } = await runOperation(engine, '{ one { stock } two { stock } many { stock } }');
    assert.deepEqual(errors?.map(({ path }) => path?.join('.')).sort(), ['many.0.stock', 'one.stock']);
  });
  test('fail together', async () => {
    const { engine } = await start(() => ({ errors: [{ message: 'down' }] }));
    const { data, errors } = await runOperation(engine, '{ one { stock } many { stock } }');
    assert.deepEqual(data, { one: { stock: null }, many: [{ stock: null }, { stock: null }] });
    assert.deepEqual(errors?.map(({ path }) => path?.join('.')).sort(), [
      'many.0.stock',
      'many.1.stock',
      'one.stock',
    ]);
  });
  test('stay apart below the entity, where their places differ', async () => {
    const { engine } = await start();
    const { data } = await runOperation(
      engine,
      '{ one { owner { name } } many { owner { name: name(short: true) } } }',
    );
    assert.deepEqual(data, {
      one: { owner: { name: 'Name 1' } },
      many: [{ owner: { name: 'N' } }, { owner: { name: 'N' } }],
    });
  });
  test('are not merged in a mutation, whose fields change what is fetched', async () => {
    const { engine, calls } = await start();
    await runOperation(engine, 'mutation { one { stock } two { stock } }');
    assert.deepEqual(
      calls.filter(({ subgraph }) => subgraph === 'b').map(({ request }) => ids(request)),
      [['1'], ['2'], ['1'], ['2']],
    );
  });
});
