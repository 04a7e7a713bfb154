import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Limits } from '../limits/index.ts';
import { tracedRequests } from '../tracing/index.ts';
import type { CallbackRoute } from './callback-endpoint.ts';
import { Exchange } from './exchange.ts';
import type { GraphqlEndpoint } from './graphql-endpoint.ts';
import { INVALIDATION_PATH, type InvalidationEndpoint } from './invalidation-endpoint.ts';
import { acceptsOf } from './negotiate.ts';
import type { Origins } from './origins.ts';
import { Refusal } from './refusal.ts';

export interface RequestListenerOptions {
  readonly endpoint: GraphqlEndpoint;
  /** Where subgraphs post the events of their subscriptions. */
  readonly callback: CallbackRoute;
  /** Where others say what of the kept answers is out of date. */
  readonly invalidation: InvalidationEndpoint | undefined;
  readonly health: (exchange: Exchange, path: string) => boolean;
  /** The explorer's page, in development. */
  readonly explorer: ((exchange: Exchange, path: string) => boolean) | undefined;
  readonly origins: Origins;
  readonly limits: Limits;
  readonly draining: () => boolean;
}

export interface RequestListener {
  listen(request: IncomingMessage, response: ServerResponse): void;
  /** Requests to the graph that are not answered yet; open event streams are not among them. */
  running(): number;
}

export const GRAPHQL_PATH = '/graphql';
/** The same endpoint, for clients that keep event streams at an address of their own. */
const STREAM_PATH = '/graphql/stream';

/** What a request to a proxy begins with (RFC 9112, 3.2.2: a server takes it as well). */
const ORIGIN = /^https?:\/\/[^/?]*/i;

/** The router's routes. */
export function createRequestListener(options: RequestListenerOptions): RequestListener {
  const { endpoint, callback, invalidation, health, explorer, origins, limits, draining } = options;
  const traced = tracedRequests<Promise<void>>(GRAPHQL_PATH);
  let running = 0;

  function listen(request: IncomingMessage, response: ServerResponse): void {
    const exchange = new Exchange(request, response);
    if (draining()) response.setHeader('connection', 'close');
    const url = (request.url ?? '/').replace(ORIGIN, '') || '/';
    const mark = url.indexOf('?');
    const path = mark < 0 ? url : url.slice(0, mark);
    if (path === GRAPHQL_PATH || path === STREAM_PATH) graphql(exchange, url, mark < 0);
    else if (path.startsWith(callback.prefix)) called(exchange, path.slice(callback.prefix.length));
    else if (invalidation && path === INVALIDATION_PATH)
      invalidation(exchange).catch((error: unknown) => endpoint.answerFailure(exchange, error));
    else other(exchange, path);
  }

  function graphql(exchange: Exchange, url: string, bare: boolean): void {
    const { request, response } = exchange;
    if (request.headers.origin !== undefined) exchange.cors = origins.corsHeaders(request.headers);
    if (request.method === 'OPTIONS') {
      response.writeHead(204, exchange.head(origins.preflightHeaders(request.headers))).end();
      return;
    }
    const refusal = refusalBefore(request);
    if (refusal) {
      endpoint.answerFailure(exchange, refusal);
      return;
    }
    const page = bare && request.method === 'GET' && acceptsOf(request.headers.accept).html;
    if (page && explorer?.(exchange, GRAPHQL_PATH)) return;
    running++;
    traced(exchange, () => endpoint.handle(exchange, url))
      .catch((error: unknown) => endpoint.answerFailure(exchange, error))
      .finally(() => {
        running--;
      });
  }

  /** A subgraph has something to say: also while the router drains, when the answer is that nobody listens any more. */
  function called(exchange: Exchange, id: string): void {
    callback.endpoint(exchange, id).catch((error: unknown) => endpoint.answerFailure(exchange, error));
  }

  function refusalBefore(request: IncomingMessage): Refusal | undefined {
    if (request.rawHeaders.length / 2 > limits.headers) {
      return new Refusal(431, 'LIMIT_HEADERS', `More than ${limits.headers} header fields.`, {
        connection: 'close',
      });
    }
    if (running >= limits.concurrency) {
      return new Refusal(503, 'OVERLOADED', 'Too many operations are running.', { 'retry-after': '1' });
    }
    return undefined;
  }

  function other(exchange: Exchange, path: string): void {
    const { method } = exchange.request;
    if (method !== 'GET' && method !== 'HEAD') {
      const refusal = new Refusal(405, 'METHOD_NOT_ALLOWED', `${method} is not served here.`, {
        allow: 'GET, HEAD',
      });
      endpoint.answerFailure(exchange, refusal);
    } else if (!health(exchange, path) && !explorer?.(exchange, path)) {
      const refusal = new Refusal(404, 'NOT_FOUND', 'There is nothing here; the graph is at /graphql.');
      endpoint.answerFailure(exchange, refusal);
    }
  }

  return { listen, running: () => running };
}
