import type { DocumentNode, GraphQLFormattedError } from 'graphql';
import type { Caller } from '../identity/caller.ts';
import type { TraceContext } from '../telemetry/index.ts';

/** What every hop of one client operation (or one command between contexts) shares; its trace context is that of the hop before. */
export interface RequestContext extends TraceContext {
  readonly caller: Caller;
  readonly requestId: string;
  /** Epoch milliseconds after which no hop may still be working on the operation. */
  readonly deadline: number;
  readonly signal: AbortSignal;
  /** Network address of the client as the router saw it; for rate limits only. */
  readonly clientAddress?: string;
}

/** One GraphQL operation for one subgraph. */
export interface SubgraphRequest {
  readonly kind: 'query' | 'mutation' | 'subscription';
  readonly query: string;
  /** The parsed `query`, always the same object for the same plan node, so that a host can cache by identity. */
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

/** A running subgraph as its callers in the same process see it. */
export interface OperationHost {
  execute(request: SubgraphRequest): Promise<SubgraphResponse>;
  subscribe(request: SubgraphRequest): Promise<AsyncIterableIterator<SubgraphResponse>>;
}
