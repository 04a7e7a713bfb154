import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ours } from '../fixtures/both-gateways.ts';
import { tellingGraph } from '../fixtures/telling-graph.ts';

const depots = tellingGraph('depots', {
  depot: `
    type Query {
      parcels: [Parcel!]!
    }
    type Box implements Thing @key(fields: "id") {
      id: ID!
      parts: [Box] @external
      lid: Box @shareable
      label: String @requires(fields: "parts { weight } mark")
      size: String @external
      weight: String @external
      twin: Thing
      mark: String @external
    }
    type Parcel @key(fields: "id") @key(fields: "code") {
      id: ID!
      code: ID!
      things: [Thing] @requires(fields: "box { weight }")
      price: String @requires(fields: "nested { nested { rate } }")
      nested: [Parcel] @external
      box: Box @external
      rate: String @requires(fields: "nested { things { ... on Box { size } ... on Box { label } } }")
    }
    interface Thing @key(fields: "id") {
      id: ID!
      twin: Thing
    }`,
  items: `
    type Box implements Thing @key(fields: "id") {
      id: ID!
      parts: [Box]
      lid: Box @external
      size: String @external
    }
    type Parcel @key(fields: "code") {
      code: ID!
      things: [Thing] @external
      nested: [Parcel] @requires(fields: "things { ... on Box { size } }")
      box: Box @provides(fields: "lid { size }")
    }
    interface Thing {
      id: ID!
    }`,
  sizes: `
    type Box implements Thing @key(fields: "id") {
      id: ID!
      parts: [Box] @external
      size: String @shareable @override(from: "s0")
      weight: String @requires(fields: "parts { parts { size } }")
    }
    type Parcel @key(fields: "id") @key(fields: "code") {
      id: ID!
      code: ID!
    }
    interface Thing {
      id: ID!
    }`,
  things: `
    type Thing @key(fields: "id") @interfaceObject {
      id: ID!
      twin: Thing @external
      stamp: String @requires(fields: "twin { twin { mark } }")
      mark: String
    }`,
});

/** Longer than all the other fetches take together. */
const LATE_MS = 200;

test('what waits for a fetch that is moved up still waits for the key that another one brings, however late', async () => {
  const { Parcel } = depots.subgraphs.depot?.resolvers ?? {};
  const found = Parcel.__resolveReference;
  Parcel.__resolveReference = async (told: { code?: string }) => {
    if (told.code) await new Promise((resolve) => setTimeout(resolve, LATE_MS));
    return found(told);
  };
  const { data, errors } = await ours(depots, '{ parcels { price } }');
  assert.equal(errors, undefined);
  const [first] = (data as { parcels: { price: string }[] }).parcels;
  assert.match(first?.price ?? '', /^price 1 \(rate 1 \(size 1, label 1/);
  assert.doesNotMatch(JSON.stringify(data), /\?/);
});
