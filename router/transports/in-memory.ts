import type { SubgraphRequest, SubgraphResponse, SubgraphTransport } from '../engine/types.ts';

/** A subgraph hosted in this process. Its answers must be fresh objects: the engine takes them over and merges into them. */
export interface InMemoryHost {
  execute(request: SubgraphRequest): Promise<SubgraphResponse>;
  subscribe(request: SubgraphRequest): Promise<AsyncIterableIterator<SubgraphResponse>>;
}

/** Calls `host` directly. Closing the transport leaves the host running: whoever started it stops it. */
export function inMemoryTransport(host: InMemoryHost): SubgraphTransport {
  return {
    execute: (request) => host.execute(request),
    subscribe: (request) => host.subscribe(request),
    close: async () => {},
  };
}
