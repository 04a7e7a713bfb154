import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { TransportError } from '../../transports/transport-error.ts';
import { clientName, clientPath } from '../aliases.ts';
import { isObject } from '../own.ts';
import type { FetchFailure, Path } from '../run.ts';

export interface ErrorCause {
  readonly message: string;
  readonly extensions: Record<string, unknown>;
}

/** A subgraph's error as ours: its message and code, and which subgraph it came from. */
export function subgraphError(subgraph: string, error: unknown): ErrorCause {
  const { message, extensions } = isObject(error) ? (error as Partial<GraphQLFormattedError>) : {};
  return {
    message:
      typeof message === 'string' && message !== ''
        ? message
        : `Error while fetching subquery from service "${subgraph}"`,
    extensions: {
      code: 'DOWNSTREAM_SERVICE_ERROR',
      ...(isObject(extensions) ? extensions : {}),
      serviceName: subgraph,
    },
  };
}

/** No GraphQL response came back. Anything but a transport's own error is a surprise, whose message stays with us. */
export function transportFailure(subgraph: string, error: unknown): ErrorCause {
  if (error instanceof TransportError)
    return { message: error.message, extensions: { code: error.code, serviceName: subgraph } };
  return {
    message: `Subgraph "${subgraph}" could not be called`,
    extensions: { code: 'SUBGRAPH_UNREACHABLE', serviceName: subgraph },
  };
}

/** What came back is no GraphQL response. */
export function badResponse(subgraph: string, what: string): ErrorCause {
  return {
    message: `Subgraph "${subgraph}" ${what}`,
    extensions: { code: 'SUBGRAPH_BAD_RESPONSE', serviceName: subgraph },
  };
}

export function locate(cause: ErrorCause, path?: Path): GraphQLError {
  return new GraphQLError(cause.message, {
    ...(path && path.length > 0 ? { path: clientPath(path) } : {}),
    extensions: cause.extensions,
  });
}

export function failure(
  at: Path,
  fields: ReadonlySet<string>,
  error: ErrorCause,
  cause?: FetchFailure,
): FetchFailure {
  return {
    at: clientPath(at),
    fields: new Set([...fields].map(clientName)),
    error,
    reported: 0,
    ...(cause ? { cause } : {}),
  };
}
