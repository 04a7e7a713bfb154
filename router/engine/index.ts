export type {
  Engine,
  EngineOptions,
  IncrementalPart,
  IncrementalPayload,
  PreparedOperation,
  PrepareOptions,
} from './contract.ts';
export { createEngine } from './create-engine.ts';
export type { RequestContext, SubgraphRequest, SubgraphResponse, SubgraphTransport } from './types.ts';
