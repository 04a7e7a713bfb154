export { type CommandTransport, createCommands, httpTransport, inMemoryTransport } from './command-client.ts';
export { CommandError, type CommandOptions, type Commands, type TypedDocument } from './commands.ts';
export {
  defineSubgraph,
  type HttpRoute,
  type Platform,
  type ResolverMap,
  type Scope,
  type SubgraphDefinition,
} from './definition.ts';
export { createHost, type SubgraphHost } from './host.ts';
export type { RunningHttpServer } from './http-server.ts';
export { createLifecycle, type Lifecycle } from './lifecycle.ts';
export type { OperationHost, RequestContext, SubgraphRequest, SubgraphResponse } from './operation.ts';
export { OperationScope, requireService } from './scope.ts';
export { sharedResolvers } from './shared-resolvers.ts';
export { openPlatform, type RunningSubgraph, type StartOptions, startSubgraph } from './subgraph.ts';
