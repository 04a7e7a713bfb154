import { GraphQLScalarType, Kind } from 'graphql';
import { badInput } from '../errors/index.ts';
import type { ResolverMap } from './definition.ts';

const RFC3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;

const isDateTime = (value: unknown): value is string =>
  typeof value === 'string' && RFC3339.test(value) && !Number.isNaN(Date.parse(value));

function parseDateTime(value: unknown): string {
  if (isDateTime(value)) return value;
  throw badInput('DateTime must be an RFC 3339 date and time, e.g. 2026-01-31T12:00:00Z.');
}

function writeDateTime(value: unknown): string {
  const text = value instanceof Date || typeof value === 'number' ? new Date(value).toISOString() : value;
  if (isDateTime(text)) return text;
  throw new TypeError('A resolver answered a DateTime that is none.');
}

const DateTime = new GraphQLScalarType({
  name: 'DateTime',
  serialize: writeDateTime,
  parseValue: parseDateTime,
  parseLiteral: (node) => parseDateTime(node.kind === Kind.STRING ? node.value : undefined),
});

function parseMinor(value: unknown): number {
  if (Number.isSafeInteger(value)) return value as number;
  throw badInput('MinorUnits must be an integer number of minor units.');
}

function writeMinor(value: unknown): number {
  const minor = typeof value === 'bigint' ? Number(value) : value;
  if (Number.isSafeInteger(minor)) return minor as number;
  throw new TypeError('A resolver answered minor units that are none.');
}

const MinorUnits = new GraphQLScalarType({
  name: 'MinorUnits',
  serialize: writeMinor,
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
