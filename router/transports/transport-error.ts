/** Why no GraphQL response came back from a subgraph. Stable: clients see it as `extensions.code`. */
export type TransportErrorCode =
  | 'SUBGRAPH_UNREACHABLE'
  | 'SUBGRAPH_TIMEOUT'
  | 'SUBGRAPH_ABORTED'
  | 'SUBGRAPH_HTTP_STATUS'
  | 'SUBGRAPH_NOT_JSON'
  | 'SUBGRAPH_RESPONSE_TOO_LARGE'
  | 'SUBGRAPH_BAD_RESPONSE'
  | 'SUBGRAPH_OVERLOADED';

/** The call to a subgraph produced no GraphQL response. The message is safe to show to clients: it names the subgraph, not its address. */
export class TransportError extends Error {
  readonly code: TransportErrorCode;
  readonly subgraph: string;
  /** HTTP status, where there was one. */
  readonly status: number | undefined;

  constructor(
    code: TransportErrorCode,
    subgraph: string,
    message: string,
    options: { cause?: unknown; status?: number } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'TransportError';
    this.code = code;
    this.subgraph = subgraph;
    this.status = options.status;
  }
}
