import type { SubgraphRequest, SubgraphResponse } from '@aisle/platform/service';

export type { RequestContext, SubgraphRequest, SubgraphResponse } from '@aisle/platform/service';

/** How the engine reaches one subgraph: HTTP in production, a function call when everything shares a process. */
export interface SubgraphTransport {
  /** @throws TransportError when no GraphQL response came back (refused, timed out, not JSON, …). */
  execute(request: SubgraphRequest): Promise<SubgraphResponse>;
  /** The iterator's `return()` stops the upstream subscription. */
  subscribe(request: SubgraphRequest): Promise<AsyncIterableIterator<SubgraphResponse>>;
  close(): Promise<void>;
}
