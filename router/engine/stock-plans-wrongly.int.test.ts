import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { both, ours } from '../fixtures/both-gateways.ts';
import type { GraphFixture } from '../fixtures/graph.ts';
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

const nodes = tellingGraph('nodes', {
  people: `interface Node { id: ID! note: String } interface Account @key(fields: "id") { id: ID! mail: String }
    type Person implements Account & Node @key(fields: "id") { id: ID! mail: String note: String }
    type Company implements Account @key(fields: "id") { id: ID! mail: String }`,
  badges: `type Query { accounts: [Account!]! } type Account @key(fields: "id") @interfaceObject { id: ID! badge: String }`,
});

/** Says in which order the fields of its mutations were called. */
function orders(): { fixture: GraphFixture; called: string[] } {
  const { name, subgraphs } = tellingGraph('orders', {
    orders: `type Query { parcel: Parcel } type Mutation { pack: Parcel send: Parcel }
      type Parcel @key(fields: "id") { id: ID! weight: String }`,
    labels: `type Mutation { tag: Parcel } type Parcel @key(fields: "id") {
      id: ID! label: String weight: String @external rate: String @requires(fields: "weight")
    }`,
  });
  const called: string[] = [];
  const call = (field: string) => () => {
    called.push(field);
    return { id: 'Parcel:1', told: {} };
  };
  const counted = Object.entries(subgraphs).map(([subgraph, { sdl, resolvers }]) => {
    const fields = Object.keys(resolvers.Mutation).map((field) => [field, call(field)]);
    return [subgraph, { sdl, resolvers: { ...resolvers, Mutation: Object.fromEntries(fields) } }];
  });
  return { fixture: { name, subgraphs: Object.fromEntries(counted) }, called };
}

/** What is in a crate is known to three, each of which knows other goods; what a shelf has is told by two of them. */
const crates: GraphFixture = {
  name: 'crates',
  subgraphs: {
    dairy: {
      sdl: `type Query { dairyShelf: Shelf }
        type Shelf @key(fields: "id") { id: ID! crate: Crate @shareable }
        type Crate @shareable { goods: [Good!] } union Good = Bag | Milk
        type Bag @shareable { size: String } type Milk { fat: String }`,
      resolvers: {
        Query: { dairyShelf: () => ({ id: '1' }) },
        Shelf: { crate: () => ({ goods: [BAG, { __typename: 'Milk', fat: '3.5' }] }) },
      },
    },
    bakery: {
      sdl: `type Query { bakeryShelf: Shelf }
        type Shelf @key(fields: "id") { id: ID! crate: Crate @shareable oven: Crate }
        type Crate @shareable { goods: [Good!] } union Good = Bag | Bread
        type Bag @shareable { size: String } type Bread { flour: String }`,
      resolvers: {
        Query: { bakeryShelf: () => ({ id: '2' }) },
        Shelf: { crate: () => BREAD, oven: () => BREAD },
      },
    },
    plan: {
      sdl: `type Query { shelf: Shelf } type Shelf @key(fields: "id") { id: ID! }`,
      resolvers: { Query: { shelf: () => ({ id: '3' }) } },
    },
  },
};
const BAG = { __typename: 'Bag', size: 'small' };
const BREAD = { goods: [BAG, { __typename: 'Bread', flour: 'rye' }] };
const GOODS = '{ goods { __typename ... on Bag { size } ... on Milk { fat } ... on Bread { flour } } }';

/** Who weighs parcels finds them by `id` and place alone; the other keys of theirs are told for others. */
const scales: GraphFixture = {
  name: 'scales',
  subgraphs: {
    weights: {
      sdl: `type Parcel @key(fields: "id") @key(fields: "code", resolvable: false) { id: ID! code: ID! weight: String }`,
      resolvers: { Parcel: { weight: ({ id }: { id: string }) => `weight ${id}` } },
    },
    rates: {
      sdl: `type Query { parcels: [Parcel!]! }
        type Parcel @key(fields: "code", resolvable: false) @key(fields: "id place { row }") @key(fields: "id", resolvable: false) {
          id: ID! code: ID! place: Place weight: String @external rate: String @requires(fields: "weight")
        }
        type Place { row: Int shelf: Int }`,
      resolvers: {
        Query: { parcels: () => [1, 2].map((n) => ({ id: `${n}`, code: `c${n}`, place: { row: n } })) },
        Parcel: {
          __resolveReference: (told: { id: string; place: { row: number }; weight: string }) => ({ ...told }),
          rate: ({ id, place, weight }: { id?: string; place?: { row: number }; weight: string }) =>
            `rate ${id} in row ${place?.row} (${weight})`,
        },
      },
    },
  },
};

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

  const mutations = [
    ['pack send', 'mutation { pack { label } ...Sent } fragment Sent on Mutation { send { id } }'],
    ['pack tag', 'mutation { pack { label } ...Tagged } fragment Tagged on Mutation { tag { id } }'],
    [
      'pack tag send',
      'mutation { ... on Mutation { pack { id } } tag { id } ... on Mutation { send { id } } }',
    ],
    ['pack send', 'mutation { pack { label } send { rate } }'],
  ];
  for (const [order = '', source = ''] of mutations)
    test(`the fields of a mutation are called in the client’s order: ${source}`, async () => {
      const { fixture, called } = orders();
      await ours(fixture, source);
      // It answers as an object and as JSON.
      assert.equal(called.join(' '), `${order} ${order}`);
    });

  test('a field of a mutation that is selected again, on a condition, is called once', async () => {
    const conditions = Array.from({ length: 7 }, (_, index) => `c${index}`);
    const source = `mutation (${conditions.map((name) => `$${name}: Boolean!`).join(' ')}) {
      pack { ${conditions.map((name) => `${name}: weight @include(if: $${name})`).join(' ')} }
      tag { id } ... @include(if: $c0) { pack { label } }
    }`;
    const { fixture, called } = orders();
    const variables = Object.fromEntries(conditions.map((name) => [name, true]));
    const { ours } = await both(fixture, source, variables);
    const weights = Object.fromEntries(conditions.map((name) => [name, 'weight 1']));
    assert.deepEqual(ours, { data: { pack: { ...weights, label: 'label 1' }, tag: { id: 'Parcel:1' } } });
    // The other one calls it twice.
    assert.deepEqual(called, ['pack', 'tag', 'pack', 'tag', 'pack', 'tag', 'pack']);
  });

  test('a fragment on an interface that the subgraph of an @interfaceObject does not know', async () => {
    const { ours, theirs } = await both(nodes, '{ accounts { badge ... on Node { note } } }');
    assert.deepEqual(ours, {
      data: { accounts: [{ badge: 'badge 1' }, { badge: 'badge 2', note: 'note 2' }] },
    });
    assert.ok(theirs.errors);
  });

  test('such a fragment with one for other objects in it', async () => {
    const source = '{ accounts { ... on Node { note ... on Account { badge ... on Company { mail } } } } }';
    const { ours, theirs } = await both(nodes, source);
    assert.deepEqual(ours, { data: { accounts: [{}, { note: 'note 2', badge: 'badge 2' }] } });
    assert.ok(theirs.errors);
  });

  test('a member of a union that another subgraph of a shared field does not know', async () => {
    const { ours, theirs } = await both(crates, `{ dairyShelf { crate ${GOODS} oven ${GOODS} } }`);
    assert.deepEqual(ours, {
      data: { dairyShelf: { crate: { goods: [BAG, { __typename: 'Milk', fat: '3.5' }] }, oven: BREAD } },
    });
    assert.notDeepEqual(theirs, ours);
  });

  test('such a field of two subgraphs is wholly of the nearer one, and of one alone where both are as near', async () => {
    const crateOf = async (root: string) => (await ours(crates, `{ ${root} { crate ${GOODS} } }`)).data;
    assert.deepEqual(await crateOf('bakeryShelf'), { bakeryShelf: { crate: BREAD } });
    const { shelf } = (await crateOf('shelf')) as { shelf: { crate: { goods: object[] } } };
    assert.deepEqual(shelf.crate.goods[0], BAG);
    assert.ok(Object.values(shelf.crate.goods[1] ?? {}).every((value) => value !== null));
  });

  test('what is required is told with a key that its subgraph finds by', async () => {
    const { ours, theirs } = await both(scales, '{ parcels { rate } }');
    const parcel = (n: number) => ({ rate: `rate ${n} in row ${n} (weight ${n})` });
    assert.deepEqual(ours, { data: { parcels: [parcel(1), parcel(2)] } });
    assert.notDeepEqual(theirs, ours);
  });
});
