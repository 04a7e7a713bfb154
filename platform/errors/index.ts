import { GraphQLError, type GraphQLFormattedError } from 'graphql';

export {
  invalidInput,
  keyReused,
  notAllowed,
  notFound,
  notNow,
  type Refusal,
  refusal,
  versionConflict,
} from './refusal.ts';

/**
 * The stable codes of errors that stop an operation (`errors[].extensions.code`).
 * Expected refusals of a mutation are not here: they are schema types that implement `UserError`.
 */
export const ERROR_CODES = [
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'BAD_USER_INPUT',
  'UNAVAILABLE',
  'DEADLINE_EXCEEDED',
  'INTERNAL',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

/** An error whose message may be shown to the caller. Anything else that is thrown is masked. */
export class AisleError extends GraphQLError {
  readonly code: ErrorCode;
  constructor(
    code: ErrorCode,
    message: string,
    options: { cause?: unknown; details?: Record<string, unknown> } = {},
  ) {
    super(message, {
      extensions: { code, ...options.details },
      ...(options.cause instanceof Error && { originalError: options.cause }),
    });
    this.code = code;
  }
}

export const unauthenticated = (message = 'Sign in to do this.') =>
  new AisleError('UNAUTHENTICATED', message);
export const forbidden = (message = 'You may not do this.') => new AisleError('FORBIDDEN', message);
export const badInput = (message: string, details?: Record<string, unknown>) =>
  new AisleError('BAD_USER_INPUT', message, details ? { details } : {});
export const unavailable = (message: string, cause?: unknown) =>
  new AisleError('UNAVAILABLE', message, { cause });

/** Known errors as they are; surprises become one sentence with the request id (and are logged by the caller). */
export function formatError(
  error: GraphQLError,
  requestId: string,
): { formatted: GraphQLFormattedError; surprise?: unknown } {
  const original = error.originalError;
  const known =
    error instanceof AisleError ||
    original instanceof AisleError ||
    (original instanceof GraphQLError && original.extensions.code);
  // graphql-js itself raises errors without an original: they describe the request, not our internals.
  if (known || original === undefined) return { formatted: error.toJSON() };
  const { locations, path } = error.toJSON();
  return {
    formatted: {
      message: 'Something went wrong on our side.',
      ...(locations && { locations }),
      ...(path && { path }),
      extensions: { code: 'INTERNAL', requestId },
    },
    surprise: original,
  };
}
