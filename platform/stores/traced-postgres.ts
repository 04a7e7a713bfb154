import { type SpanOptions, withSpan } from '../telemetry/index.ts';
import type { Database, Row, Sql } from './postgres.ts';

/**
 * A database whose statements have spans wherever an operation, an event or a saga is being traced; polling is not. A span
 * has the statement's name, never its text or parameters.
 */
export function tracedDatabase(database: Database, schema: string): Database {
  const optionsOf = (operation: string): SpanOptions => ({
    kind: 'client',
    attributes: {
      'db.system.name': 'postgresql',
      'db.namespace': `${schema}@${database.region}`,
      'db.operation.name': operation,
    },
  });
  const traced = ({ query }: Sql): Sql => ({
    query: <T extends Row>(text: string, params?: readonly unknown[], name?: string) => {
      const verb = /^\s*(\w+)/.exec(text)?.[1]?.toUpperCase() ?? 'SQL';
      return withSpan(name ?? verb, optionsOf(verb), () => query<T>(text, params, name));
    },
  });
  return {
    ...database,
    ...traced(database),
    transaction: (work) =>
      withSpan('transaction', optionsOf('TRANSACTION'), () => database.transaction((tx) => work(traced(tx)))),
  };
}
