import type { GraphQLFormattedError } from 'graphql';

/** Codes of requests that never became an operation, beside those of `router/limits` and `platform/errors`. */
export type RefusalCode =
  | 'BAD_REQUEST'
  | 'BAD_USER_INPUT'
  | 'BATCHING_NOT_SUPPORTED'
  | 'CSRF_REFUSED'
  | 'DEADLINE_EXCEEDED'
  | 'FORBIDDEN'
  | 'INTERNAL'
  | 'LIMIT_BODY'
  | 'LIMIT_HEADERS'
  | 'LIMIT_SUBSCRIPTIONS'
  | 'METHOD_NOT_ALLOWED'
  | 'NOT_ACCEPTABLE'
  | 'NOT_FOUND'
  | 'OVERLOADED'
  | 'PERSISTED_QUERY_HASH_MISMATCH'
  | 'RATE_LIMITED'
  | 'SHUTTING_DOWN'
  | 'SUBGRAPH_UNAVAILABLE'
  | 'UNAUTHENTICATED'
  | 'UNSUPPORTED_MEDIA_TYPE'
  | 'UPLOAD_NOT_SUPPORTED';

/** A request that is answered with an HTTP status and one GraphQL error. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: RefusalCode;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    code: RefusalCode,
    message: string,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.name = 'Refusal';
    this.status = status;
    this.code = code;
    this.headers = headers;
  }

  formatted(): GraphQLFormattedError {
    return { message: this.message, extensions: { code: this.code } };
  }
}
