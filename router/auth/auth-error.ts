import { GraphQLError } from 'graphql';

/**
 * Why a caller was turned away before the operation was looked at.
 * 401: what was presented is no good. 503: nobody could tell, because who decides did not answer.
 */
export class AuthError extends Error {
  readonly status: 400 | 401 | 503;
  readonly code: 'UNAUTHENTICATED' | 'BAD_USER_INPUT' | 'SUBGRAPH_UNAVAILABLE';

  constructor(status: 400 | 401 | 503, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'AuthError';
    this.status = status;
    this.code =
      status === 401 ? 'UNAUTHENTICATED' : status === 400 ? 'BAD_USER_INPUT' : 'SUBGRAPH_UNAVAILABLE';
  }

  toGraphQLError(): GraphQLError {
    return new GraphQLError(this.message, { extensions: { code: this.code } });
  }
}
