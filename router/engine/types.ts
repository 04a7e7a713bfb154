import type {
  RequestContext as SharedContext,
  SubgraphRequest,
  SubgraphResponse,
} from '@aisle/platform/service';
import type { RequestCache } from './fetch-cache.ts';

export type { SubgraphRequest, SubgraphResponse } from '@aisle/platform/service';

export interface RequestContext extends SharedContext {
  /** What the client wants of the cache, and where it is told what the response may be kept for. @default it is used */
  readonly cache?: RequestCache;
}

/** How the engine reaches one subgraph: HTTP in production, a function call when everything shares a process. */
export interface SubgraphTransport {
  /** @throws TransportError when no GraphQL response came back (refused, timed out, not JSON, …). */
  execute(request: SubgraphRequest): Promise<SubgraphResponse>;
  /** The iterator's `return()` stops the upstream subscription. */
  subscribe(request: SubgraphRequest): Promise<AsyncIterableIterator<SubgraphResponse>>;
  close(): Promise<void>;
}
