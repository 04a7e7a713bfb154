import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { both } from '../fixtures/both-gateways.ts';
import type { GraphFixture, Resolvers } from '../fixtures/graph.ts';
import { interfaceObject } from '../fixtures/graphs/interface-object.ts';
import { keys } from '../fixtures/graphs/keys.ts';

/** Two fields that need the same one of another subgraph, each with arguments of its own; an object behind one, and a list of the whole. */
const rates: GraphFixture = {
  name: 'rates',
  subgraphs: {
    parcels: {
      sdl: `type Query { parcels: [Parcel!]! } type Mutation { send: Parcel }
        type Parcel @key(fields: "id") { id: ID! price(currency: String): String }`,
      resolvers: {
        Query: { parcels: () => [{ id: 'k1' }, { id: 'k2' }] },
        Mutation: { send: () => ({ id: 'k3' }) },
        Parcel: {
          __resolveReference: (entity: object) => entity,
          price: ({ id }: { id: string }, { currency }: { currency?: string }) => `${id} ${currency}`,
        },
      },
    },
    labels: {
      sdl: `type Parcel @key(fields: "id") { id: ID! euro: String @external label: String @requires(fields: "euro") }`,
      resolvers: {
        Parcel: {
          __resolveReference: (entity: object) => entity,
          label: ({ euro }: { euro: string }) => `[${euro}]`,
        },
      },
    },
    shipping: {
      sdl: `type Parcel @key(fields: "id") {
          id: ID! price(currency: String): String @external
          euro: String @requires(fields: "price(currency: \\"EUR\\")")
          dollar: String @requires(fields: "price(currency: \\"USD\\")")
          quote: Quote @requires(fields: "price(currency: \\"GBP\\")")
        }
        type Quote { text: String! parcel: Parcel! }`,
      resolvers: {
        Parcel: {
          __resolveReference: (entity: object) => entity,
          euro: ({ price }: { price: string }) => price,
          dollar: ({ price }: { price: string }) => price,
          quote: (parcel: { price: string }) => ({ text: parcel.price, parcel }),
        },
      },
    },
  },
};

const references: Resolvers = { __resolveReference: (entity: object) => entity };
const parcels: GraphFixture = {
  name: 'parcels',
  subgraphs: {
    parcels: {
      sdl: `type Query { parcel: Parcel } type Parcel @key(fields: "id") { id: ID! price(currency: String): String weight: Int zero: Int note: String }`,
      resolvers: {
        Query: { parcel: () => ({ id: 'k1', weight: 5, zero: 0, note: 'n' }) },
        Parcel: {
          __resolveReference: () => ({ id: 'k1', weight: 5, zero: 0, note: 'n' }),
          price: (_: unknown, { currency }: { currency?: string }) => `${currency} 1`,
        },
      },
    },
    shipping: {
      sdl: `type Parcel @key(fields: "id") {
        id: ID! price(currency: String): String @external weight: Int @external
        euro: String @requires(fields: "price(currency: \\"EUR\\")") freight: Int @requires(fields: "weight")
      }`,
      resolvers: {
        Parcel: {
          ...references,
          euro: ({ price }: { price: string }) => price,
          freight: ({ weight }: { weight: number }) => weight * 2,
        },
      },
    },
  },
};

describe('where the stock gateway is wrong, ours is right', () => {
  test('@requires with arguments, next to the same field with other arguments', async () => {
    const { ours, theirs } = await both(parcels, '{ parcel { price(currency: "GBP") euro } }');
    assert.deepEqual(ours, { data: { parcel: { price: 'GBP 1', euro: 'EUR 1' } } });
    assert.notDeepEqual(theirs, ours);
  });

  test('@requires of one field with different arguments', async () => {
    const source = `query ($no: Boolean = false) {
      all: parcels { id price(currency: "SEK") ...Prices quote { text parcel { dollar id } } }
      parcels { euro @skip(if: $no) euro2: euro dollar @include(if: $no) }
    } fragment Prices on Parcel { euro dollar }`;
    const { ours, theirs } = await both(rates, source);
    const parcel = (id: string) => ({
      id,
      price: `${id} SEK`,
      euro: `${id} EUR`,
      dollar: `${id} USD`,
      quote: { text: `${id} GBP`, parcel: { dollar: `${id} USD`, id } },
    });
    assert.deepEqual(ours, {
      data: {
        all: [parcel('k1'), parcel('k2')],
        parcels: [
          { euro: 'k1 EUR', euro2: 'k1 EUR' },
          { euro: 'k2 EUR', euro2: 'k2 EUR' },
        ],
      },
    });
    assert.notDeepEqual(theirs, ours);
  });

  test('@requires of what another @requires computes, next to one with other arguments', async () => {
    const { ours } = await both(rates, '{ parcels { dollar label } }');
    assert.deepEqual(ours, {
      data: {
        parcels: [
          { dollar: 'k1 USD', label: '[k1 EUR]' },
          { dollar: 'k2 USD', label: '[k2 EUR]' },
        ],
      },
    });
  });

  test('such fields of what a mutation brought', async () => {
    const { ours, theirs } = await both(rates, 'mutation { send { euro dollar } }');
    assert.deepEqual(ours, { data: { send: { euro: 'k3 EUR', dollar: 'k3 USD' } } });
    assert.notDeepEqual(theirs, ours);
  });

  test('@requires of a field whose name the client gave to another one', async () => {
    const { ours, theirs } = await both(parcels, '{ parcel { price: note weight: zero euro freight } }');
    assert.deepEqual(ours, { data: { parcel: { price: 'n', weight: 0, euro: 'EUR 1', freight: 10 } } });
    assert.notDeepEqual(theirs, ours);
  });

  test('a key whose name the client gave to another field', async () => {
    const { ours, theirs } = await both(parcels, '{ parcel { id: note freight } }');
    assert.deepEqual(ours, { data: { parcel: { id: 'n', freight: 10 } } });
    assert.notDeepEqual(theirs, ours);
  });

  test('a conditional field that is also required by another one', async () => {
    const source = 'query ($no: Boolean!) { parcel { freight ... @include(if: $no) { weight note } } }';
    const { ours } = await both(parcels, source, { no: false });
    assert.deepEqual(ours, { data: { parcel: { freight: 10 } } });
  });

  test('an object of which everything selected is skipped', async () => {
    const source =
      'query ($no: Boolean!, $yes: Boolean!) { accounts { entries @include(if: $yes) { amount @include(if: $no) } } }';
    const { ours, theirs } = await both(interfaceObject, source, { yes: true, no: false });
    assert.deepEqual(ours, {
      data: { accounts: [{ entries: [{}, {}] }, { entries: [{}, {}] }, { entries: [{}, {}] }] },
    });
    assert.notDeepEqual(theirs, ours);
  });

  test('an @interfaceObject selected for one of its types does not lose the batch for the others', async () => {
    const { ours, theirs } = await both(
      interfaceObject,
      '{ accounts { ... on Company { dunning balance } email } }',
    );
    assert.deepEqual(ours, {
      data: { accounts: [{ email: 'a@x' }, { dunning: null, balance: 200, email: null }, { email: 'c@x' }] },
    });
    assert.notDeepEqual(theirs, ours);
  });

  test('an error of an entity behind one that could not be asked for is told at the right place', async () => {
    // Seed 1: the lot s3 has no site (its own subgraph fails), and the temperature of s1 breaks.
    const { ours, theirs } = await both(keys, '{ recalled { recall { lots { temperature } } } }', {}, 1);
    const places = (result: { errors?: readonly { message: string; path?: unknown }[] }) =>
      (result.errors ?? [])
        .filter(({ message }) => message === 'Lot.temperature broke')
        .map(({ path }) => JSON.stringify(path));
    assert.ok(places(ours).length > 0);
    assert.ok(
      places(ours).every((path) => path.includes('"lots",1')),
      places(ours).join(),
    );
    assert.notDeepEqual(places(theirs as never), places(ours));
  });
});
