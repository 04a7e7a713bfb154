import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Limits } from '../limits/index.ts';
import { Exchange } from './exchange.ts';
import type { GraphqlEndpoint } from './graphql-endpoint.ts';
import { acceptsOf } from './negotiate.ts';
import type { Origins } from './origins.ts';
import { Refusal } from './refusal.ts';

export interface RequestListenerOptions {
  readonly endpoint: GraphqlEndpoint;
  readonly health: (exchange: Exchange, path: string) => boolean;
  /** The explorer's page, in development. */
  readonly explorer: ((exchange: Exchange, path: string) => boolean) | undefined;
  readonly origins: Origins;
  readonly limits: Limits;
}

export const GRAPHQL_PATH = '/graphql';

/** The router's routes. */
export function createRequestListener(
  options: RequestListenerOptions,
): (request: IncomingMessage, response: ServerResponse) => void {
  const { endpoint, health, explorer, origins, limits } = options;
  let running = 0;

  return (request, response) => {
    const exchange = new Exchange(request, response);
    const url = request.url ?? '/';
    const mark = url.indexOf('?');
    const path = mark < 0 ? url : url.slice(0, mark);
    if (path !== GRAPHQL_PATH && path !== `${GRAPHQL_PATH}/stream`) return other(exchange, path);
    if (request.headers.origin !== undefined) exchange.cors = origins.corsHeaders(request.headers);
    if (request.method === 'OPTIONS') {
      response.writeHead(204, exchange.head(origins.preflightHeaders(request.headers))).end();
      return;
    }
    if (request.rawHeaders.length / 2 > limits.headers) {
      return endpoint.answerFailure(
        exchange,
        new Refusal(431, 'BAD_REQUEST', `More than ${limits.headers} header fields.`, {
          connection: 'close',
        }),
      );
    }
    if (
      explorer &&
      request.method === 'GET' &&
      mark < 0 &&
      acceptsOf(request.headers.accept).html &&
      explorer(exchange, path)
    )
      return;
    if (running >= limits.concurrency) {
      return endpoint.answerFailure(
        exchange,
        new Refusal(503, 'OVERLOADED', 'Too many operations are running.', { 'retry-after': '1' }),
      );
    }
    running++;
    endpoint
      .handle(exchange, url)
      .catch((error: unknown) => endpoint.answerFailure(exchange, error))
      .finally(() => {
        running--;
      });
  };

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
}
