import type { SubgraphRequest, SubgraphResponse, SubgraphTransport } from '../engine/types.ts';
import { subscribeOverCallback } from './callback.ts';
import type { Callbacks } from './callbacks.ts';
import { HttpCall } from './http-call.ts';
import { parseResponse } from './http-response.ts';
import { Pool } from './http1/pool.ts';
import { requestText } from './http1/request-text.ts';
import { requestBody } from './request-body.ts';
import { subscribeOverSse } from './sse.ts';
import { TransportError } from './transport-error.ts';
import { subscribeOverWebSocket } from './web-socket.ts';

/** Headers that vouch for the caller (the signed envelope); `body` is exactly what is sent. */
export type SignRequest = (
  request: SubgraphRequest,
  body: string,
) => Record<string, string> | Promise<Record<string, string>>;

export interface HttpTransportOptions {
  readonly name: string;
  readonly url: string;
  readonly sign?: SignRequest;
  /** Connections kept open to the subgraph. @default 64 */
  readonly connections?: number;
  /** Calls that may wait for a connection; one more fails with `SUBGRAPH_OVERLOADED`. @default 1024 */
  readonly maxQueued?: number;
  /** Milliseconds one call may take; the operation's own deadline applies as well. @default 10000 */
  readonly timeout?: number;
  /** Most bytes of a response. @default 33554432 */
  readonly maxResponseBytes?: number;
  /** How the subgraph serves subscriptions. @default 'graphql-ws' */
  readonly subscriptions?: 'graphql-ws' | 'sse' | 'callback';
  /** Where it posts their events with `callback`. */
  readonly callbacks?: Callbacks;
  /** Where it serves them, when not at `url` (with `ws:` for `http:`). */
  readonly subscriptionUrl?: string;
  /** Events of one subscription that may wait for a slow reader; one more ends it with `SUBGRAPH_OVERLOADED`. @default 256 */
  readonly maxBufferedEvents?: number;
}

const DEFAULTS = {
  connections: 64,
  maxQueued: 1024,
  timeout: 10_000,
  maxResponseBytes: 32 * 1024 * 1024,
  maxBufferedEvents: 256,
} as const;

/** Reaches a subgraph over HTTP/1.1 with kept-alive connections, and over graphql-ws, SSE or HTTP callbacks for subscriptions. */
export function httpTransport(given: HttpTransportOptions): SubgraphTransport {
  const options = { ...DEFAULTS, ...given };
  const { name, sign } = options;
  const url = new URL(options.url);
  const pool = new Pool({
    origin: url,
    connections: options.connections,
    maxResponseBytes: options.maxResponseBytes,
  });
  const mostInFlight = options.connections + options.maxQueued;
  let inFlight = 0;

  async function execute(request: SubgraphRequest): Promise<SubgraphResponse> {
    const timeout = Math.min(options.timeout, request.context.deadline - Date.now());
    if (timeout <= 0)
      throw new TransportError(
        'SUBGRAPH_TIMEOUT',
        name,
        `Subgraph "${name}" was not called: the operation ran out of time`,
      );
    if (inFlight >= mostInFlight)
      throw new TransportError('SUBGRAPH_OVERLOADED', name, `Subgraph "${name}" has too many calls waiting`);
    inFlight++;
    try {
      const body = requestBody(request);
      const headers = headersFor(request, sign ? await sign(request, body) : undefined);
      const call = new HttpCall({
        subgraph: name,
        pool,
        request: requestText(url, headers, body),
        timeout,
        signal: request.context.signal,
      });
      return parseResponse(name, await call.response);
    } finally {
      inFlight--;
    }
  }

  return {
    execute,
    async subscribe(request) {
      const body = requestBody(request);
      if (options.subscriptions === 'callback') {
        if (!options.callbacks) throw new Error(`Nothing takes in what subgraph "${name}" posts.`);
        return subscribeOverCallback(options, request, body, options.callbacks, async (text) =>
          headersFor(request, sign && (await sign(request, text))),
        );
      }
      const headers = sign ? await sign(request, body) : {};
      return options.subscriptions === 'sse'
        ? subscribeOverSse(options, request, body, headersFor(request, headers))
        : subscribeOverWebSocket(options, request, body, { ...headers, ...traceHeaders(request) });
    },
    close: async () => pool.close(),
  };
}

function headersFor(
  { context }: SubgraphRequest,
  signed: Record<string, string> | undefined,
): Record<string, string> {
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    accept: 'application/graphql-response+json, application/json',
    ...signed,
  };
  if (context.traceparent !== undefined) headers.traceparent = context.traceparent;
  if (context.tracestate !== undefined) headers.tracestate = context.tracestate;
  return headers;
}

const traceHeaders = ({ context: { traceparent, tracestate } }: SubgraphRequest) => ({
  ...(traceparent !== undefined && { traceparent }),
  ...(tracestate !== undefined && { tracestate }),
});
