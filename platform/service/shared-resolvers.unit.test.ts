import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildSchema, type GraphQLScalarType, graphql, Kind } from 'graphql';
import { formatError } from '../errors/index.ts';
import { sharedResolvers } from './shared-resolvers.ts';

const { MinorUnits, DateTime } = sharedResolvers as Record<'MinorUnits' | 'DateTime', GraphQLScalarType>;

test('what is no whole number of minor units is the caller’s mistake, as a variable too', async () => {
  const schema = buildSchema('scalar MinorUnits type Query { cost(minor: MinorUnits!): Int }');
  Object.assign(schema.getType('MinorUnits')!, { parseValue: MinorUnits.parseValue });
  const source = 'query ($minor: MinorUnits!) { cost(minor: $minor) }';
  for (const minor of [1.5, '1', true, 2 ** 60]) {
    const { errors } = await graphql({ schema, source, variableValues: { minor } });
    assert.equal(formatError(errors![0]!, 'req').formatted.extensions?.code, 'BAD_USER_INPUT');
  }
  assert.equal(MinorUnits.parseValue(-5), -5);
  assert.throws(() => MinorUnits.parseLiteral({ kind: Kind.STRING, value: '1' }), /integer/);
});

test('what a resolver answers is written, or is our mistake', () => {
  assert.equal(MinorUnits.serialize(12n), 12);
  assert.throws(() => MinorUnits.serialize(0.5), TypeError);
  assert.equal(DateTime.serialize(new Date(0)), '1970-01-01T00:00:00.000Z');
  assert.equal(DateTime.serialize('2026-01-31T12:00:00Z'), '2026-01-31T12:00:00Z');
  assert.throws(() => DateTime.serialize('yesterday'), TypeError);
});
