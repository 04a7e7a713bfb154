import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';
import type { ResolverMap } from './definition.ts';

const RFC3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;

function parseDateTime(value: unknown): string {
  if (typeof value === 'string' && RFC3339.test(value) && !Number.isNaN(Date.parse(value))) return value;
  throw new GraphQLError('DateTime must be an RFC 3339 date and time, e.g. 2026-01-31T12:00:00Z.');
}

const DateTime = new GraphQLScalarType({
  name: 'DateTime',
  serialize: (value) =>
    value instanceof Date
      ? value.toISOString()
      : typeof value === 'number'
        ? new Date(value).toISOString()
        : parseDateTime(value),
  parseValue: parseDateTime,
  parseLiteral: (node) => parseDateTime(node.kind === Kind.STRING ? node.value : undefined),
});

function parseMinor(value: unknown): number {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  throw new GraphQLError('MinorUnits must be an integer number of minor units.');
}

const MinorUnits = new GraphQLScalarType({
  name: 'MinorUnits',
  serialize: (value) => parseMinor(typeof value === 'bigint' ? Number(value) : value),
  parseValue: parseMinor,
  parseLiteral: (node) => parseMinor(node.kind === Kind.INT ? Number(node.value) : undefined),
});

/** Scalars and enums that several subgraphs share: code sees `'eu'`, the wire `EU`. */
export const sharedResolvers: ResolverMap = {
  DateTime,
  MinorUnits,
  Region: { US: 'us', EU: 'eu', GB: 'gb', IN: 'in', BR: 'br' },
  UserError: { __resolveType: (error: { __typename: string }) => error.__typename },
};
