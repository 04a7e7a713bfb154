import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { both, ours } from '../fixtures/both-gateways.ts';
import type { GraphFixture } from '../fixtures/graph.ts';

const shelves = [
  { __typename: 'Cooled', id: '1', zone: 'FRONT', goods: [{ __typename: 'Sample', id: '8' }] },
  { __typename: 'Plain', id: '2', zone: 'VAULT', goods: [] },
  { __typename: 'Hidden', id: '3', zone: 'BACK', goods: [{ __typename: 'Milk', id: '9' }] },
  { __typename: 'Plain', id: '4', zone: 'BACK', goods: [{ __typename: 'Milk', id: '9' }] },
];
const typeOf = { __resolveType: ({ __typename }: { __typename: string }) => __typename };

const fixture: GraphFixture = {
  name: 'shelves',
  subgraphs: {
    shelves: {
      sdl: `type Query { shelves: [Shelf] first: Shelf! zones: [Zone] busiest: Zone! }
        enum Zone { FRONT VAULT @inaccessible BACK }
        interface Shelf { id: ID! zone: Zone goods: [Good!] }
        type Cooled implements Shelf { id: ID! zone: Zone goods: [Good!] }
        type Plain implements Shelf { id: ID! zone: Zone goods: [Good!] }
        type Hidden implements Shelf @inaccessible { id: ID! zone: Zone goods: [Good!] }
        union Good = Milk | Sample
        type Milk { id: ID! }
        type Sample @inaccessible { id: ID! }`,
      resolvers: {
        Query: {
          shelves: () => shelves,
          first: () => shelves[2],
          zones: () => ['FRONT', 'VAULT', 'BACK'],
          busiest: () => 'VAULT',
        },
        Shelf: typeOf,
        Good: typeOf,
      },
    },
  },
};

describe('what is @inaccessible and comes from a subgraph all the same', () => {
  test('a value of an enum is null, alone and in a list, and no error tells of it', async () => {
    const { ours, theirs } = await both(fixture, '{ zones }');
    assert.deepEqual(ours, { data: { zones: ['FRONT', null, 'BACK'] } });
    assert.deepEqual(theirs.data, ours.data);
  });

  test('an object of such a type is null, and no error tells of it', async () => {
    const { ours, theirs } = await both(fixture, '{ shelves { __typename id } }');
    const shelf = (__typename: string, id: string) => ({ __typename, id });
    assert.deepEqual(ours, {
      data: { shelves: [shelf('Cooled', '1'), shelf('Plain', '2'), null, shelf('Plain', '4')] },
    });
    assert.deepEqual(theirs.data, ours.data);
  });

  test('where null may not be, the error speaks of the null alone', async () => {
    const refused = async (source: string, path: (string | number)[], data: unknown) => {
      const result = await ours(fixture, source);
      assert.deepEqual(result.data, data);
      assert.deepEqual(
        result.errors?.map(({ path, extensions }) => ({ path, code: extensions?.code })),
        [{ path, code: 'INVALID_SUBGRAPH_DATA' }],
      );
      assert.doesNotMatch(JSON.stringify(result), /VAULT|Hidden|Sample/);
    };
    await refused('{ busiest }', ['busiest'], null);
    await refused('{ first { id } }', ['first'], null);
    await refused('{ shelves { goods { __typename } } }', ['shelves', 0, 'goods', 0], {
      shelves: [{ goods: null }, { goods: [] }, null, { goods: [{ __typename: 'Milk' }] }],
    });
  });

  test('clients can neither send nor read of it', async () => {
    const source = '{ __type(name: "Zone") { enumValues { name } } hidden: __type(name: "Hidden") { name } }';
    assert.deepEqual((await ours(fixture, source)).data, {
      __type: { enumValues: [{ name: 'FRONT' }, { name: 'BACK' }] },
      hidden: null,
    });
    const { errors } = await ours(fixture, '{ shelves { ... on Hidden { id } } }');
    assert.equal(errors?.[0]?.extensions?.code, 'GRAPHQL_VALIDATION_FAILED');
  });
});
