import type { SubgraphRequest, SubgraphTransport } from '../engine/types.ts';

/** Headers that vouch for the caller (the signed envelope); `body` is exactly what is sent. */
export type SignRequest = (request: SubgraphRequest, body: string) => Record<string, string> | Promise<Record<string, string>>;

export interface HttpTransportOptions {
  readonly name: string;
  readonly url: string;
  readonly sign?: SignRequest;
  /** Connections kept open to the subgraph. @default 64 */
  readonly connections?: number;
  /** Milliseconds one call may take; the operation's own deadline applies as well. @default 10000 */
  readonly timeout?: number;
  /** Most bytes of a response. @default 33554432 */
  readonly maxResponseBytes?: number;
}

/** Reaches a subgraph over HTTP, and over graphql-ws (same address) for subscriptions. */
export declare function httpTransport(options: HttpTransportOptions): SubgraphTransport;
