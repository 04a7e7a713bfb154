import type { Caller } from '@aisle/platform/identity';
import type { DocumentNode, GraphQLFormattedError } from 'graphql';

/** What every hop of one client operation shares. */
export interface RequestContext {
  readonly caller: Caller;
  readonly requestId: string;
  /** Epoch milliseconds after which no hop may still be working on the operation. */
  readonly deadline: number;
  readonly signal: AbortSignal;
  /** W3C trace context of the operation, passed on to every subgraph. */
  readonly traceparent?: string;
}

/** One operation for one subgraph. */
export interface SubgraphRequest {
  readonly kind: 'query' | 'mutation' | 'subscription';
  readonly query: string;
  /** The parsed `query`, always the same object for the same cached plan node, so that a host can cache by identity. */
  readonly document: DocumentNode;
  readonly operationName?: string;
  readonly variables?: Record<string, unknown>;
  readonly context: RequestContext;
}

export interface SubgraphResponse {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly GraphQLFormattedError[];
  readonly extensions?: Record<string, unknown>;
}

/** How the engine reaches one subgraph: HTTP in production, a function call when everything shares a process. */
export interface SubgraphTransport {
  /** @throws TransportError when no GraphQL response came back (refused, timed out, not JSON, …). */
  execute(request: SubgraphRequest): Promise<SubgraphResponse>;
  /** The iterator's `return()` stops the upstream subscription. */
  subscribe(request: SubgraphRequest): Promise<AsyncIterableIterator<SubgraphResponse>>;
  close(): Promise<void>;
}
