import type { QueryPlan } from '@apollo/query-planner';
import type { DocumentNode, ExecutionResult, GraphQLError, GraphQLSchema } from 'graphql';
import type { CachedSupergraph, FetchCaching } from './fetch-cache.ts';
import type { RequestContext, SubgraphTransport } from './types.ts';

/** A parsed, validated, planned and compiled operation. Safe to share between requests and to keep for the engine's life. */
export interface PreparedOperation {
  readonly kind: 'query' | 'mutation' | 'subscription';
  readonly operationName?: string;
  readonly document: DocumentNode;
  /** SHA-256 (hex) of document and operation name. */
  readonly hash: string;
  /** True when some field is under `@defer`; run it with `executeIncremental`. */
  readonly hasDefer: boolean;
}

export interface PrepareOptions {
  /** Extra checks (limits, introspection switch, …). Runs before the standard validation, only when the operation is not cached. */
  readonly validate?: (document: DocumentNode) => readonly GraphQLError[];
}

/**
 * A payload of an operation with `@defer`. It says what both formats of incremental delivery need: the one of graphql-js 17 alpha 2 (parts by
 * `path` and `label`) and the one of its alpha 9 and of the specification's proposal (`pending`, parts by `id`).
 */
export interface IncrementalPayload {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: ExecutionResult['errors'];
  /** Deferred fragments that are known from now on; each comes in a later payload as the part of the same id. */
  readonly pending?: readonly PendingPart[];
  readonly incremental?: readonly IncrementalPart[];
  readonly hasNext: boolean;
}

/** A deferred fragment at one object of the response. */
export interface PendingPart {
  readonly id: string;
  readonly path: readonly (string | number)[];
  readonly label?: string;
}

export interface IncrementalPart extends PendingPart {
  /** All of the fragment; null when an error took it away. */
  readonly data: Record<string, unknown> | null;
  /** Of `data`, what no earlier payload had. */
  readonly added: readonly {
    /** From `path`. */
    readonly subPath: readonly (string | number)[];
    readonly data: Record<string, unknown>;
  }[];
  readonly errors?: ExecutionResult['errors'];
}

export interface Engine {
  /** The public API: nothing `@inaccessible`, no federation machinery. */
  readonly apiSchema: GraphQLSchema;
  readonly supergraphSdl: string;
  /** SHA-256 (hex) of the supergraph. */
  readonly id: string;
  readonly subgraphs: readonly { readonly name: string; readonly url: string }[];
  /** Parses, validates, plans and compiles, cached by document and operation name. Never throws for bad input. */
  prepare(
    source: string | DocumentNode,
    operationName?: string,
    options?: PrepareOptions,
  ): PreparedOperation | { readonly errors: readonly GraphQLError[] };
  /** Runs a query or mutation; `@defer` is ignored. Never rejects: every failure is a GraphQL error of the result. */
  execute(
    operation: PreparedOperation,
    variables: unknown,
    context: RequestContext,
  ): Promise<ExecutionResult>;
  /** `execute`, already serialised: `{"data":…}` or `{"errors":…,"data":…}`. */
  executeToJson(operation: PreparedOperation, variables: unknown, context: RequestContext): Promise<string>;
  /** Runs a query with `@defer`: first the initial payload, then the deferred ones. */
  executeIncremental(
    operation: PreparedOperation,
    variables: unknown,
    context: RequestContext,
  ): AsyncIterableIterator<IncrementalPayload>;
  /** Starts a subscription; a plain result means that it could not start. The iterator's `return()` ends it upstream. */
  subscribe(
    operation: PreparedOperation,
    variables: unknown,
    context: RequestContext,
  ): Promise<AsyncIterableIterator<ExecutionResult> | ExecutionResult>;
  /** The query plan, for the plan view. */
  plan(operation: PreparedOperation): QueryPlan;
  /** Closes every transport. */
  close(): Promise<void>;
}

/** Completes one event of a subscription within whatever belongs around that. */
export type EventScope = <T>(
  context: RequestContext,
  complete: (context: RequestContext) => Promise<T>,
) => Promise<T>;

/** `cached`: known; `planned`: new; `invalid`: refused by a rule; `failed`: the planner found no way. */
export type Prepared = 'cached' | 'planned' | 'invalid' | 'failed';

export interface EngineOptions {
  readonly supergraphSdl: string;
  /** How to reach a subgraph; called once per subgraph at creation. */
  readonly transports: (name: string, url: string) => SubgraphTransport;
  /** Prepared operations kept. @default 1000 */
  readonly cacheSize?: number;
  /** Milliseconds the fetches that complete one subscription event may take. @default 10000 */
  readonly eventTimeout?: number;
  /** Told of each `prepare`; with the seconds it took unless the operation was cached. */
  readonly onPrepared?: ((outcome: Prepared, seconds?: number) => void) | undefined;
  /** What is done around the completion of each subscription event. */
  readonly aroundEvent?: EventScope | undefined;
  /** Most lexical tokens of a document. @default 10000 */
  readonly maxTokens?: number;
  /**
   * Decides progressive `@override` labels per operation. When absent, `percent(n)` labels are decided by the caller's
   * subject and any other label is off.
   */
  readonly overrideLabel?: (label: string, context: RequestContext) => boolean;
  /** How answers of subgraphs are kept, decided when the supergraph is loaded. @default not at all */
  readonly caching?: (supergraph: CachedSupergraph) => FetchCaching;
}
