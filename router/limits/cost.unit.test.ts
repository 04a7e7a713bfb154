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
    one(first: Int, last: Int): [Product] @listSize(slicingArguments: ["first", "last"])
    any(first: Int = 6, last: Int): [Product] @listSize(slicingArguments: ["first", "last"], requireOneSlicingArgument: false)
    search(text: String @cost(weight: 5), by: By): Item
  }
  input By { rank: Int @cost(weight: 4) or: [By!] }
  union Item = Review | Price
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

  it('takes the most of several slicing arguments, and the default of one whose variable is not sent', () => {
    assert.equal(estimate('{ any(first: 2, last: 9) { name } }'), 9);
    assert.equal(estimate('query ($n: Int) { any(first: $n) { name } }'), 6);
    assert.equal(estimate('query ($n: Int) { products(first: $n) { name } }'), 20);
  });

  it('is not made less by asking for less than nothing', () => {
    assert.equal(estimate('{ products(first: -1) { name } }'), 20);
    assert.equal(estimate('{ best(size: -5) { name } }'), 1);
    assert.equal(estimate('{ any(first: -3, last: 4) { name } }'), 4);
    assert.equal(estimate('query ($n: Int) { products(first: $n) { name } dear }', { n: -1000 }), 20 + 12);
    assert.equal(estimate('{ products(first: 0) { name } }'), 0);
  });

  it('names the field that has not exactly one slicing argument where one is required', () => {
    const unsized = (source: string, variables?: Record<string, unknown>) => cost(source).unsized(variables);
    assert.equal(unsized('{ one { name } }'), 'Query.one');
    assert.equal(unsized('{ one(first: 1, last: 1) { name } }'), 'Query.one');
    assert.equal(unsized('query ($n: Int) { one(first: $n) { name } }'), 'Query.one');
    assert.equal(unsized('query ($n: Int) { one(first: $n) { name } }', { n: 2 }), undefined);
    assert.equal(unsized('{ one(last: 1) { name } any { name } best(size: 2) { name } }'), undefined);
  });

  it('adds the weights of arguments and input fields that are sent; an abstract type weighs its heaviest', () => {
    assert.equal(estimate('{ search { __typename } }'), 3);
    assert.equal(estimate('{ search(text: "x") { __typename } }'), 3 + 5);
    assert.equal(estimate('{ search(by: { rank: 1, or: [{ rank: 2 }, {}] }) { __typename } }'), 3 + 8);
    assert.equal(estimate('query ($by: By) { search(by: $by) { __typename } }', { by: { rank: 1 } }), 3 + 4);
    assert.equal(estimate('query ($by: By) { search(by: $by) { __typename } }'), 3);
    assert.equal(estimate('query ($n: Int = 1) { search(by: { rank: $n }) { __typename } }'), 3 + 4);
    assert.equal(estimate('query ($n: Int) { search(by: { rank: $n }) { __typename } }'), 3);
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
