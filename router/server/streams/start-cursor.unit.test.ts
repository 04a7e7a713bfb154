import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { buildSchema, parse } from 'graphql';
import { startQuery } from './start-cursor.ts';

const apiSchema = buildSchema(/* GraphQL */ `
  type Query { position(skus: [ID!]!, region: String): String! whole: String }
  type Subscription {
    changes(skus: [ID!]!, region: String, loud: Boolean, after: String): Change
    others(after: String): Change
  }
  type Change { cursor: String! }
`);
const CURSORS = { changes: 'position', others: 'whole' };

function query(
  source: string,
  variables?: Record<string, unknown>,
  cursors: Record<string, string> = CURSORS,
) {
  const operation = { document: parse(source), operationName: undefined };
  return startQuery({ engine: { apiSchema }, operation, variables } as never, cursors)?.replace(/\s+/g, ' ');
}

describe('the query for the cursor that a subscription begins with', () => {
  it('has the arguments that both fields take, and their variables', () => {
    const source = `subscription Follow($skus: [ID!]!, $loud: Boolean, $after: String) {
      own: changes(skus: $skus, region: "US", loud: $loud, after: $after) { cursor } }`;
    const expected = 'query ($skus: [ID!]!) { aisleStartCursor: position(skus: $skus, region: "US") }';
    assert.equal(query(source, { skus: ['a'] }), expected);
    assert.equal(query(source, { skus: ['a'], after: null }), expected);
  });

  it('is not asked when the client says itself where it begins', () => {
    assert.equal(query('subscription { others(after: "c") { cursor } }'), undefined);
    const source = 'subscription ($after: String = "d") { others(after: $after) { cursor } }';
    assert.equal(query(source), undefined);
    assert.equal(query(source, { after: 'c' }), undefined);
    assert.equal(query(source, { after: null }), '{ aisleStartCursor: whole }');
    assert.equal(query('subscription { others(after: null) { cursor } }'), '{ aisleStartCursor: whole }');
  });

  it('is not asked where none is configured, or the graph has not got it', () => {
    const source = 'subscription { others { cursor } }';
    assert.equal(query(source, {}, {}), undefined);
    assert.equal(query(source, {}, { others: 'gone' }), undefined);
    assert.equal(
      query('subscription { constructor: others { cursor } }', {}, { changes: 'position' }),
      undefined,
    );
  });
});
