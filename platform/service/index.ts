export type { OperationHost, RequestContext, SubgraphRequest, SubgraphResponse } from './operation.ts';
