import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { runOperation } from '../../fixtures/run-operation.ts';
import { scriptedEngine } from '../../fixtures/scripted-engine.ts';
import type { SubgraphRequest } from '../types.ts';

const representations = ({ variables }: SubgraphRequest) =>
  (variables?.representations ?? []) as Record<string, unknown>[];

/** Answers what the query names of each entity; a letter needs the e-mail address. */
const ledger = (request: SubgraphRequest) => ({
  data: {
    _entities: representations(request).map(({ id, email }) => ({
      ...(request.query.includes('balance') && { balance: `balance of ${id}` }),
      ...(request.query.includes('letter') && { letter: `to ${email}` }),
    })),
  },
});

describe('entities that lack some of what a fetch requires', () => {
  const sdl = {
    accounts: `type Query { accounts: [Account!]! }
      interface Account @key(fields: "id") { id: ID! email: String }
      type Bot implements Account @key(fields: "id") { id: ID! email: String }
      type Person implements Account @key(fields: "id") { id: ID! email: String }`,
    ledger: `type Account @key(fields: "id") @interfaceObject {
        id: ID! email: String @external balance: String! letter(in: String): String @requires(fields: "email") }`,
  };

  test('because only another type of the interface is asked for it, are asked for the rest', async () => {
    const { engine, calls } = await scriptedEngine(sdl, {
      accounts: () => ({
        data: {
          accounts: [
            { __typename: 'Person', id: 'p' },
            { __typename: 'Bot', id: 'b', email: 'b@x' },
          ],
        },
      }),
      ledger,
    });
    const source = 'query ($in: String) { accounts { __typename ... on Bot { letter(in: $in) } balance } }';
    assert.deepEqual(await runOperation(engine, source, { in: 'de' }), {
      data: {
        accounts: [
          { __typename: 'Person', balance: 'balance of p' },
          { __typename: 'Bot', letter: 'to b@x', balance: 'balance of b' },
        ],
      },
    });
    const asked = calls.filter(({ subgraph }) => subgraph === 'ledger').map(({ request }) => request);
    const lean = asked.find((request) => representations(request)[0]?.id === 'p');
    assert.ok(lean && !lean.query.includes('letter') && !lean.query.includes('$in'), lean?.query);
    assert.deepEqual(lean.variables, { representations: [{ __typename: 'Account', id: 'p' }] });
  });

  test('because their subgraph is down, lose only what needs it', async () => {
    const { engine } = await scriptedEngine(
      {
        shop: 'type Query { things: [Thing!]! } type Thing @key(fields: "id") { id: ID! }',
        scales: 'type Thing @key(fields: "id") { id: ID! weight: Int }',
        post: `type Thing @key(fields: "id") { id: ID! weight: Int @external box: Box freight: Int @requires(fields: "weight") }
          type Box @key(fields: "id") { id: ID! thing: Thing }`,
      },
      {
        shop: () => ({ data: { things: [{ __typename: 'Thing', id: '1' }] } }),
        scales: () => ({ errors: [{ message: 'The scales are broken.' }] }),
        post: (request) => ({
          data: {
            _entities: representations(request).map(() => ({
              ...(request.query.includes('box') && { box: { __typename: 'Box', id: 'x' } }),
              ...(request.query.includes('freight') && { freight: 1 }),
            })),
          },
        }),
      },
    );
    const { data, errors } = await runOperation(engine, '{ things { freight weight box { id } } }');
    assert.deepEqual(data, { things: [{ freight: null, weight: null, box: { id: 'x' } }] });
    assert.deepEqual(errors?.map(({ path }) => path?.join('.')).sort(), [
      'things.0.freight',
      'things.0.weight',
    ]);
  });
});
