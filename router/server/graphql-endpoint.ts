import type { Caller } from '@aisle/platform/identity';
import { AuthError, type Authenticator } from '../auth/index.ts';
import type { Limits } from '../limits/index.ts';
import { checkContentType } from './content-type.ts';
import type { Exchange } from './exchange.ts';
import { type Accepts, acceptsOf } from './negotiate.ts';
import { errorsJson, type Operations } from './operations.ts';
import type { Origins } from './origins.ts';
import { type Params, paramsOfBody, paramsOfUrl } from './params.ts';
import { readBody } from './read-body.ts';
import { Refusal } from './refusal.ts';
import type { Runner } from './run-operation.ts';
import type { EventStreams } from './streams/event-streams.ts';

export interface GraphqlEndpoint {
  /** Answers any request to the endpoint. Rejects with what `answerFailure` takes. */
  handle(exchange: Exchange, url: string): Promise<void>;
  /** Answers a request that could not be served. */
  answerFailure(exchange: Exchange, error: unknown): void;
}

export interface GraphqlEndpointOptions {
  readonly authenticate: Authenticator;
  readonly operations: Operations;
  readonly run: Runner;
  readonly eventStreams: EventStreams;
  readonly origins: Origins;
  readonly limits: Limits;
  readonly draining: () => boolean;
  readonly onRefusal: (code: string) => void;
}

const TOKEN_HEADER = 'x-graphql-event-stream-token';

export function createGraphqlEndpoint(options: GraphqlEndpointOptions): GraphqlEndpoint {
  const { authenticate, operations, run, eventStreams, origins, limits, draining, onRefusal } = options;

  const callerOf = ({ request: { headers } }: Exchange) =>
    authenticate({
      authorization: headers.authorization,
      apiKey: one(headers['x-api-key']),
      region: one(headers['x-aisle-region']),
    });

  async function post(exchange: Exchange, accepts: Accepts, token: string | undefined): Promise<void> {
    const { headers } = exchange.request;
    checkContentType(headers['content-type'], headers['content-encoding']);
    const params = paramsOfBody(await readBody(exchange.request, limits.bodyBytes));
    await dispatch(exchange, params, accepts, token);
  }

  async function dispatch(
    exchange: Exchange,
    params: Params,
    accepts: Accepts,
    token: string | undefined,
  ): Promise<void> {
    const maybe = callerOf(exchange);
    const caller: Caller = maybe instanceof Promise ? await maybe : maybe;
    if (token !== undefined) return eventStreams.start(exchange, token, params, caller);
    return run(exchange, params, accepts, caller);
  }

  async function get(
    exchange: Exchange,
    url: string,
    accepts: Accepts,
    token: string | undefined,
  ): Promise<void> {
    if (origins.forgeable(exchange.request.headers)) {
      throw new Refusal(
        400,
        'CSRF_REFUSED',
        'A GET from a browser needs the header apollo-require-preflight (or x-aisle-client).',
      );
    }
    const start = url.indexOf('?');
    const search = new URLSearchParams(start < 0 ? '' : url.slice(start + 1));
    if (token !== undefined && accepts.eventStream && !search.has('query'))
      return eventStreams.connect(exchange, token);
    const params = paramsOfUrl(search);
    await dispatch(exchange, params, accepts, token);
  }

  return {
    async handle(exchange, url) {
      const { request } = exchange;
      if (draining())
        throw new Refusal(503, 'SHUTTING_DOWN', 'This router is shutting down.', {
          'retry-after': '1',
          connection: 'close',
        });
      const accepts = acceptsOf(request.headers.accept);
      const token = one(request.headers[TOKEN_HEADER]) ?? tokenOf(url);
      switch (request.method) {
        case 'POST':
          return post(exchange, accepts, token);
        case 'GET':
          return get(exchange, url, accepts, token);
        case 'PUT':
          return eventStreams.reserve(exchange, await callerOf(exchange));
        case 'DELETE':
          return eventStreams.stop(exchange, token, operationIdOf(url));
        default:
          throw new Refusal(405, 'METHOD_NOT_ALLOWED', `${request.method} is not served here.`, {
            allow: 'GET, POST, PUT, DELETE, OPTIONS',
          });
      }
    },

    answerFailure(exchange, error) {
      const refusal = error instanceof AuthError ? refusalOf(error) : error;
      const accepts = acceptsOf(exchange.request.headers.accept);
      const type = accepts.json ?? 'application/json';
      if (refusal instanceof Refusal) {
        onRefusal(refusal.code);
        const body = JSON.stringify({ errors: [refusal.formatted()] });
        exchange.json(refusal.status, type, body, refusal.headers);
        if (refusal.headers.connection === 'close') closeSoon(exchange);
        return;
      }
      onRefusal('INTERNAL');
      exchange.json(500, type, errorsJson([error], operations.format(exchange.requestId)));
    },
  };
}

const AUTH_HEADERS: Readonly<Record<number, Record<string, string>>> = {
  401: { 'www-authenticate': 'Bearer error="invalid_token"' },
  503: { 'retry-after': '1' },
};

function refusalOf(error: AuthError): Refusal {
  return new Refusal(error.status, error.code, error.message, AUTH_HEADERS[error.status]);
}

/** Gives the answer a moment to arrive before what the client still sends makes the kernel reset the connection. */
function closeSoon({ request, response }: Exchange): void {
  if (request.complete) return;
  request.resume();
  const timer = setTimeout(() => request.destroy(), 500);
  timer.unref();
  response.once('close', () => clearTimeout(timer));
}

const one = (header: string | string[] | undefined) => (Array.isArray(header) ? header[0] : header);

function tokenOf(url: string): string | undefined {
  return url.includes('token=')
    ? (new URLSearchParams(url.slice(url.indexOf('?') + 1)).get('token') ?? undefined)
    : undefined;
}

function operationIdOf(url: string): string | undefined {
  return new URLSearchParams(url.slice(url.indexOf('?') + 1)).get('operationId') ?? undefined;
}
