import type { DocumentNode, GraphQLSchema } from 'graphql';
import type { EntityKeys } from './entity-keys.ts';
import type { Obj } from './own.ts';
import type { CallResult } from './plan/call.ts';
import type { RequestContext } from './types.ts';

/** Decides, when a plan is compiled, which of its fetches are cached and how. */
export interface FetchCaching {
  /** `undefined`: answers to this fetch are never kept. */
  compile(fetch: CompiledFetch): FetchCache | undefined;
}

/** What is known of a supergraph when it is loaded. */
export interface CachedSupergraph {
  readonly sdl: string;
  readonly fullSchema: GraphQLSchema;
  readonly entityKeys: ReadonlyMap<string, EntityKeys>;
  /** What the supergraph says of one subgraph, as SDL. */
  readonly subgraphSdl: (name: string) => string;
}

/** A fetch of a query's plan. */
export interface CompiledFetch {
  readonly subgraph: string;
  readonly query: string;
  readonly operationName: string | undefined;
  readonly document: DocumentNode;
}

export interface FetchAsk {
  readonly context: RequestContext;
  /** All that is sent but the representations. */
  readonly variables: Obj;
  /** Of entities; `undefined` when root fields are fetched. */
  readonly representations: readonly Obj[] | undefined;
}

/** Asks the subgraph, for these representations. Never rejects. */
export type Send = (
  representations: readonly Obj[] | undefined,
  context: RequestContext,
) => Promise<CallResult>;

export interface FetchCache {
  /** Answers like the subgraph, asking it only for what is not there. The data is the caller's to change. Never rejects. */
  answer(ask: FetchAsk, send: Send): Promise<CallResult>;
}

/** One answer that went into a response. */
export interface ResponsePart {
  readonly scope: 'PUBLIC' | 'PRIVATE';
  /** Seconds it may be kept in all, and how many of them are over. */
  readonly maxAge: number;
  readonly age: number;
}

/** What one request asks of the cache, and where it is told what its response may be kept for. */
export interface RequestCache {
  /** False: nothing is served from the cache. */
  readonly read: boolean;
  /** False: nothing is put into it either. */
  readonly write: boolean;
  add(part: ResponsePart): void;
  /** Something in the response may not be kept. */
  forbid(): void;
}
