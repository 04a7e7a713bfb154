import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { buildSchema, parse } from 'graphql';
import { composeSubgraphs } from '../compose/index.ts';
import { costRulesOf, operationCost } from './index.ts';

const sdl = /* GraphQL */ `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@cost", "@listSize"])
  type Query {
    product: Product
    products(first: Int = 20): [Product!]!
    connection(first: Int): ProductConnection!
    best(size: Int): [Product] @listSize(slicingArguments: ["size"])
    assumed: [Product] @listSize(assumedSize: 7)
    dear: String @cost(weight: 12)
  }
  type Mutation { buy: Product }
  type ProductConnection { edges: [Edge!]! total: Int! }
  type Edge { node: Product! }
  type Product { name: String tags: [String!] related: [Product] price: Price reviews(first: Int): [Review!] }
  type Price @cost(weight: 3) { amount: Int }
  type Review { text: String }
`;
const { supergraphSdl } = composeSubgraphs([{ name: 'a', url: 'http://a.invalid', file: 'a.graphql', sdl }]);
const schema = buildSchema(
  sdl.replace(/extend schema[^)]*\]\)/s, '').replace(/@(cost|listSize)\([^)]*\)/g, ''),
);
const rules = costRulesOf(supergraphSdl);
const cost = (source: string) => operationCost(schema, rules, parse(source), undefined);
const estimate = (source: string, variables?: Record<string, unknown>) => cost(source).estimate(variables);

describe('cost of an operation', () => {
  it('is one per object, nothing per leaf, ten for a mutation', () => {
    assert.equal(estimate('{ product { name } }'), 1);
    assert.equal(estimate('mutation { buy { name } }'), 11);
    assert.equal(estimate('{ __typename }'), 0);
  });

  it('multiplies by the page asked for: literal, default, variable', () => {
    assert.equal(estimate('{ products(first: 5) { name } }'), 5);
    assert.equal(estimate('{ products { name } }'), 20);
    assert.equal(estimate('query ($n: Int = 3) { products(first: $n) { name } }'), 3);
    assert.equal(estimate('query ($n: Int = 3) { products(first: $n) { name } }', { n: 50 }), 50);
    assert.equal(estimate('{ products(first: 100) { reviews(first: 100) { text } } }'), 100 + 100 * 100);
  });

  it('carries the page of a connection to its edges', () => {
    assert.equal(estimate('{ connection(first: 10) { total edges { node { name } } } }'), 1 + 10 * 2);
  });

  it('follows @cost and @listSize', () => {
    assert.equal(estimate('{ dear }'), 12);
    assert.equal(estimate('{ product { price { amount } } }'), 1 + 3);
    assert.equal(estimate('{ assumed { name } }'), 7);
    assert.equal(estimate('{ best(size: 4) { name } }'), 4);
  });

  it('adds what fragments bring', () => {
    assert.equal(
      estimate(
        '{ product { ...F } product { ... on Product { related { name } } } } fragment F on Product { price { amount } }',
      ),
      1 + 3 + 1 + 1,
    );
  });

  it('is measured on the answer by the lists that came', () => {
    const data = {
      products: [
        { name: 'a', price: { amount: 1 } },
        { name: 'b', price: null },
      ],
    };
    assert.equal(cost('{ products { name price { amount } } }').actual(data), 2 + 3);
  });
});
