import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { TransportError } from '../transports/index.ts';

export interface ErrorFormat {
  readonly requestId: string;
  /** Whether "Did you mean …?" and the stacks of subgraphs may be shown: they would give the schema and the code away. */
  readonly suggestions: boolean;
  /** Told about each error that is our fault. */
  readonly onSurprise?: (error: unknown) => void;
}

const SUGGESTION = / Did you mean .+\?$/s;
/** Codes of the transports that mean that time ran out; every other failure to get an answer is `SUBGRAPH_UNAVAILABLE`. */
const TIMED_OUT: ReadonlySet<string> = new Set(['SUBGRAPH_TIMEOUT', 'SUBGRAPH_ABORTED']);
const TRANSPORT_CODES: ReadonlySet<string> = new Set([
  'SUBGRAPH_UNREACHABLE',
  'SUBGRAPH_HTTP_STATUS',
  'SUBGRAPH_NOT_JSON',
  'SUBGRAPH_RESPONSE_TOO_LARGE',
  'SUBGRAPH_BAD_RESPONSE',
  'SUBGRAPH_OVERLOADED',
]);

/** An error as clients see it: with a stable code; surprises as one sentence with the request id. */
export function formatError(error: unknown, format: ErrorFormat): GraphQLFormattedError {
  if (error instanceof GraphQLError) {
    const { originalError } = error;
    if (originalError && !(originalError instanceof GraphQLError) && error.extensions.code === undefined)
      return surprise(error, format);
    return tidy(error.toJSON(), format);
  }
  if (error instanceof TransportError)
    return tidy(
      { message: error.message, extensions: { code: error.code, serviceName: error.subgraph } },
      format,
    );
  return isFormatted(error) ? tidy(error, format) : surprise(error, format);
}

/** The errors of an answer that is already JSON. */
export function formatJson(json: string, format: ErrorFormat): { json: string; failed: boolean } {
  const answer = JSON.parse(json) as { errors?: GraphQLFormattedError[]; data?: unknown };
  const errors = (answer.errors ?? []).map((error) => tidy(error, format));
  return { json: JSON.stringify({ ...answer, errors }), failed: !('data' in answer) };
}

function tidy(error: GraphQLFormattedError, { suggestions, requestId }: ErrorFormat): GraphQLFormattedError {
  const message = suggestions ? error.message : error.message.replace(SUGGESTION, '');
  const code = error.extensions?.code;
  // Where a subgraph tells what of its code failed, that is for developers only.
  const { stacktrace, exception, ...told } = error.extensions ?? {};
  const shown = suggestions ? error.extensions : told;
  const extensions =
    typeof code === 'string'
      ? { ...shown, ...codeOf(code, requestId) }
      : { ...shown, code: 'INTERNAL', requestId };
  return { ...error, message, extensions };
}

function codeOf(code: string, requestId: string): Record<string, unknown> {
  if (TIMED_OUT.has(code)) return { code: 'DEADLINE_EXCEEDED' };
  if (TRANSPORT_CODES.has(code)) return { code: 'SUBGRAPH_UNAVAILABLE', reason: code };
  return code === 'INTERNAL' ? { requestId } : {};
}

function surprise(error: unknown, { requestId, onSurprise }: ErrorFormat): GraphQLFormattedError {
  onSurprise?.(error);
  const located = error instanceof GraphQLError && error.path ? { path: error.path } : {};
  return {
    message: 'Something went wrong on our side.',
    ...located,
    extensions: { code: 'INTERNAL', requestId },
  };
}

function isFormatted(error: unknown): error is GraphQLFormattedError {
  return (
    typeof error === 'object' &&
    error !== null &&
    !(error instanceof Error) &&
    typeof (error as GraphQLFormattedError).message === 'string'
  );
}
