import {
  type DocumentNode,
  GraphQLError,
  type GraphQLErrorOptions,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  parse,
  validate,
} from 'graphql';
import type { PrepareOptions } from './contract.ts';

export interface ParsedOperation {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
}

export type Rejected = { readonly errors: readonly GraphQLError[] };

/** Parses and validates; codes are those that Apollo's servers use. */
export function parseOperation(
  schema: GraphQLSchema,
  source: string | DocumentNode,
  operationName: string | undefined,
  maxTokens: number,
  check: PrepareOptions['validate'],
): ParsedOperation | Rejected {
  let document: DocumentNode;
  try {
    document = typeof source === 'string' ? parse(source, { maxTokens }) : source;
  } catch (error) {
    return rejected('GRAPHQL_PARSE_FAILED', [asGraphQLError(error)]);
  }
  const refused = check?.(document) ?? [];
  if (refused.length > 0) return { errors: refused };
  const operation = findOperation(document, operationName);
  if (operation instanceof GraphQLError) return rejected('OPERATION_RESOLUTION_FAILURE', [operation]);
  const invalid = validate(schema, document, undefined, { maxErrors: 20 });
  if (invalid.length > 0) return rejected('GRAPHQL_VALIDATION_FAILED', invalid);
  if (!schema.getRootType(operation.operation)) {
    return rejected('GRAPHQL_VALIDATION_FAILED', [
      new GraphQLError(`Schema is not configured to execute ${operation.operation} operation.`, {
        nodes: operation,
      }),
    ]);
  }
  return { document, operation };
}

function findOperation(
  document: DocumentNode,
  name: string | undefined,
): OperationDefinitionNode | GraphQLError {
  const operations = document.definitions.filter(
    (definition): definition is OperationDefinitionNode => definition.kind === Kind.OPERATION_DEFINITION,
  );
  if (name === undefined || name === null) {
    if (operations.length > 1)
      return new GraphQLError('Must provide operation name if query contains multiple operations.');
    return operations[0] ?? new GraphQLError('Must provide an operation.');
  }
  return (
    operations.find((operation) => operation.name?.value === name) ??
    new GraphQLError(`Unknown operation named "${name}".`)
  );
}

export function rejected(code: string, errors: readonly GraphQLError[]): Rejected {
  return { errors: errors.map((error) => withCode(error, code)) };
}

/** The same error with `extensions.code`, unless it has one. */
export function withCode(error: GraphQLError, code: string): GraphQLError {
  const options: GraphQLErrorOptions = {
    nodes: error.nodes ?? null,
    source: error.source ?? null,
    positions: error.positions ?? null,
    path: error.path ?? null,
    originalError: error.originalError ?? null,
    extensions: { code, ...error.extensions },
  };
  return new GraphQLError(error.message, options);
}

export function asGraphQLError(error: unknown): GraphQLError {
  return error instanceof GraphQLError
    ? error
    : new GraphQLError(error instanceof Error ? error.message : String(error));
}
