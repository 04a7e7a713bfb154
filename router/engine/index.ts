export { breathe } from './breathe.ts';
export type {
  Engine,
  EngineOptions,
  EventScope,
  IncrementalPart,
  IncrementalPayload,
  PendingPart,
  Prepared,
  PreparedOperation,
  PrepareOptions,
} from './contract.ts';
export { createEngine } from './create-engine.ts';
export { cloneJson } from './plan/clone.ts';
export type { RequestContext, SubgraphRequest, SubgraphResponse, SubgraphTransport } from './types.ts';
