import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { both, ours } from '../fixtures/both-gateways.ts';
import { tellingGraph } from '../fixtures/telling-graph.ts';

const chains = tellingGraph('chains', {
  parcels: `type Query { parcels: [Parcel!]! } type Parcel @key(fields: "id") { id: ID! weight: String }`,
  rates: `type Parcel @key(fields: "id") {
    id: ID! weight: String @external rate: String @requires(fields: "weight") twin: Parcel
  }`,
  prices: `type Parcel @key(fields: "id") { id: ID! rate: String @external price: String @requires(fields: "rate") }`,
});

const boxes = tellingGraph('boxes', {
  stock: `type Parcel @key(fields: "id") {
      id: ID! boxes: [Box!] volume: String @external label: String @requires(fields: "volume")
    }
    type Box @key(fields: "id") { id: ID! }`,
  volumes: `type Parcel @key(fields: "id") {
      id: ID! boxes: [Box!] @external volume: String @requires(fields: "boxes { size }")
    }
    type Box @key(fields: "id") { id: ID! size: String @external }`,
  sizes: `type Query { parcels: [Parcel!]! }
    type Parcel @key(fields: "id") { id: ID! boxes: [Box!] @external next: Parcel @requires(fields: "boxes { size }") }
    type Box @key(fields: "id") { id: ID! size: String }`,
});

const lids = tellingGraph('lids', {
  scales: `type Parcel @key(fields: "id") { id: ID! weight: String }
    type Box @key(fields: "id") {
      id: ID! parts: [Box!] @external fillings: [Parcel!] @requires(fields: "parts { width }")
      parcel: Parcel width: String @external
    }`,
  prices: `type Parcel @key(fields: "code") {
      code: ID! weight: String @external rate: String @requires(fields: "weight")
      lid: Box @external price: String @requires(fields: "lid { size }")
    }
    type Box @key(fields: "id") {
      id: ID! size: String @external parts: [Box!] width: String @external lot: Parcel @requires(fields: "width")
    }`,
  sizes: `type Query { parcels: [Parcel!]! boxes: [Box!]! }
    type Parcel @key(fields: "id") @key(fields: "code") {
      id: ID! code: ID! rate: String @external lid: Box @requires(fields: "rate") weight: String @external
    }
    type Box @key(fields: "id") {
      id: ID! size: String @requires(fields: "fillings { weight }") fillings: [Parcel!] @external width: String
    }`,
});

const accounts = tellingGraph('accounts', {
  people: `interface Account @key(fields: "id") { id: ID! mail: String }
    type Person implements Account @key(fields: "id") { id: ID! mail: String age: String }
    type Company implements Account @key(fields: "id") { id: ID! mail: String }`,
  badges: `type Query { accounts: [Account!]! }
    type Account @key(fields: "id") @interfaceObject {
      id: ID! mail: String @external badge: String @requires(fields: "mail")
      tier: String @external card: String @requires(fields: "tier")
    }`,
  tiers: `type Account @key(fields: "id") @interfaceObject {
      id: ID! badge: String @external letter: String @requires(fields: "badge") tier: String
    }`,
});

const currencies = tellingGraph('currencies', {
  prices: `type Query { parcels: [Parcel!]! } type Parcel @key(fields: "id") { id: ID! price(currency: String): String }`,
  shipping: `type Parcel @key(fields: "id") {
      id: ID! price(currency: String): String @external
      freight: String @requires(fields: "price(currency: \\"EUR\\")")
      duty: String @requires(fields: "price(currency: \\"USD\\")")
    }`,
  totals: `type Parcel @key(fields: "id") {
      id: ID! freight: String @external duty: String @external price(currency: String): String @external
      total: String @requires(fields: "freight duty price")
    }`,
});

const units = tellingGraph('units', {
  parcels: `type Query { parcels: [Parcel!]! } type Parcel @key(fields: "id") { id: ID! box: Box sides: [Side!] }
    interface Box { width(unit: String): String } type Crate implements Box { width(unit: String): String }
    type Side { width(unit: String): String }`,
  shipping: `type Parcel @key(fields: "id") {
      id: ID! box: Box @external sides: [Side!] @external
      metric: String @requires(fields: "box { ... on Crate { width(unit: \\"cm\\") } } sides { width(unit: \\"cm\\") }")
      imperial: String @requires(fields: "sides { width(unit: \\"in\\") }")
    }
    interface Box { width(unit: String): String }
    type Crate implements Box { width(unit: String): String @external }
    type Side { width(unit: String): String @external }`,
});

describe('where the stock gateway plans wrongly, ours plans rightly', () => {
  test('a required field that requires another, on an entity found in its own subgraph', async () => {
    const { ours, theirs } = await both(chains, '{ parcels { twin { price } } }');
    assert.deepEqual(ours, {
      data: {
        parcels: [
          { twin: { price: 'price 1 (rate 1 (weight 1))' } },
          { twin: { price: 'price 2 (rate 2 (weight 2))' } },
        ],
      },
    });
    assert.notDeepEqual(theirs, ours);
  });

  test('what is required of a second subgraph is not asked of one that declares it as @external', async () => {
    const { ours, theirs } = await both(boxes, '{ parcels { next { label } } }');
    assert.deepEqual(ours, {
      data: {
        parcels: [
          { next: { label: 'label 1 (volume 1 (size 1, size 2))' } },
          { next: { label: 'label 2 (volume 2 (size 2, size 3))' } },
        ],
      },
    });
    assert.notDeepEqual(theirs, ours);
  });

  test('a fetch that is moved up does not leave behind what waits for it and needs more', async () => {
    assert.deepEqual(await ours(lids, '{ parcels { lid { parcel { price } } } }'), {
      data: {
        parcels: [
          { lid: { parcel: { price: 'price 1 (size 1 (weight 1, weight 2))' } } },
          { lid: { parcel: { price: 'price 2 (size 2 (weight 2, weight 3))' } } },
        ],
      },
    });
  });

  test('a field of one @interfaceObject that requires one of another', async () => {
    const { ours, theirs } = await both(accounts, '{ accounts { ... on Person { letter } } }');
    assert.deepEqual(ours, { data: { accounts: [{}, { letter: 'letter 2 (badge 2 (mail 2))' }] } });
    assert.ok(theirs.errors);
  });

  test('fields of two @interfaceObjects that require each other’s: the stock gateway never ends', async () => {
    assert.deepEqual(await ours(accounts, '{ accounts { ... on Person { letter card } } }'), {
      data: { accounts: [{}, { letter: 'letter 2 (badge 2 (mail 2))', card: 'card 2 (tier 2)' }] },
    });
  });

  test('a field that requires others which require one field with different arguments', async () => {
    const { ours, theirs } = await both(currencies, '{ parcels { total price(currency: "SEK") } }');
    const parcel = (n: number) => ({
      total: `total ${n} (freight ${n} (price ${n} in EUR), duty ${n} (price ${n} in USD), price ${n})`,
      price: `price ${n} in SEK`,
    });
    assert.deepEqual(ours, { data: { parcels: [parcel(1), parcel(2)] } });
    assert.notDeepEqual(theirs, ours);
  });

  test('calls below what is required, also on the types of an interface', async () => {
    const source = '{ parcels { metric sides { width(unit: "m") } imperial box { width } } }';
    const { ours, theirs } = await both(units, source);
    const side = (n: number) => ({ width: `width ${n} in m` });
    const parcel = (n: number) => ({
      metric: `metric ${n} (width ${n} in cm, width ${n} in cm, width ${n + 1} in cm)`,
      sides: [side(n), side(n + 1)],
      imperial: `imperial ${n} (width ${n} in in, width ${n + 1} in in)`,
      box: { width: `width ${n}` },
    });
    assert.deepEqual(ours, { data: { parcels: [parcel(1), parcel(2)] } });
    assert.notDeepEqual(theirs, ours);
  });
});
