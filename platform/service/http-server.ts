import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../clock/index.ts';
import { BodyError, readBody } from '../http/index.ts';
import { ENVELOPE_HEADER, type Envelope, EnvelopeError, openEnvelope } from '../identity/index.ts';
import { errorFields, type Log } from '../log/index.ts';
import {
  activeTrace,
  answering,
  type Meter,
  type TraceContext,
  traceContextOf,
  tracerOf,
} from '../telemetry/index.ts';
import type { HttpRoute } from './definition.ts';
import type { SubgraphHost } from './host.ts';
import type { RequestContext, SubgraphRequest } from './operation.ts';
import { acceptSubscriptions } from './ws-server.ts';

export interface HttpServerOptions {
  readonly name: string;
  readonly host: SubgraphHost;
  readonly envelopeKey: string;
  readonly routes: Readonly<Record<string, HttpRoute>>;
  readonly ready: () => Promise<boolean>;
  readonly meter: Meter;
  readonly clock: Clock;
  readonly log: Log;
  /** 0 picks a free one. */
  readonly port: number;
  /** @default '127.0.0.1' */
  readonly address?: string;
}

export interface RunningHttpServer {
  readonly port: number;
  readonly url: string;
  /** Stops accepting, lets requests in flight finish (bounded), then closes. */
  stop(): Promise<void>;
}

/** Largest body a router may send (entity batches are the big ones), bytes. */
const MAX_BODY = 8 * 1024 * 1024;
const DRAIN_MS = 5_000;

/** A subgraph's way in over HTTP: `POST /graphql` with a signed envelope, its own routes, health and metrics. */
export async function serveHttp(options: HttpServerOptions): Promise<RunningHttpServer> {
  const { host, log, meter, name } = options;
  const tracer = tracerOf(name);
  let draining = false;
  const duration = meter.histogram('subgraph_request_seconds', 'Time to answer one operation');
  const server = createServer(
    { keepAliveTimeout: 65_000, headersTimeout: 10_000, requestTimeout: 30_000 },
    (request, response) => {
      traced(request, response).catch((error: unknown) => {
        if (error instanceof BodyError) return refuseBody(response, error);
        log.error('request failed', errorFields(error));
        if (!response.headersSent)
          sendJson(response, 500, {
            errors: [{ message: 'Something went wrong on our side.', extensions: { code: 'INTERNAL' } }],
          });
        else response.destroy();
      });
    },
  );

  /** Operations that belong to a trace, and whatever else is sent here (webhooks), have a span. */
  function traced(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '/').split('?', 1)[0]!;
    const isWorth =
      request.method === 'POST' && (path !== '/graphql' || request.headers.traceparent !== undefined);
    if (!tracer || !isWorth) return handle(request, response, path);
    const route = path === '/graphql' || `POST ${path}` in options.routes ? path : '*';
    return answering(tracer, route, request, response, () => handle(request, response, path));
  }

  async function handle(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    if (path === '/graphql' && request.method === 'POST') return graphql(request, response);
    if (path === '/health' || path === '/health/live')
      return sendJson(response, 200, { status: 'live', name });
    if (path === '/health/ready') {
      const ready = !draining && (await options.ready());
      return sendJson(response, ready ? 200 : 503, { status: ready ? 'ready' : 'not ready', name });
    }
    if (path === '/metrics')
      return void response
        .writeHead(200, { 'content-type': 'text/plain; version=0.0.4' })
        .end(meter.render());
    const route =
      options.routes[`${request.method} ${path}`] ?? prefixRoute(options.routes, request.method ?? '', path);
    if (route) return route(request, response);
    sendJson(response, 404, { errors: [{ message: 'Not found.', extensions: { code: 'NOT_FOUND' } }] });
  }

  async function graphql(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const started = performance.now();
    const body = await readBody(request, MAX_BODY);
    let envelope: Envelope;
    try {
      const sealed = request.headers[ENVELOPE_HEADER];
      envelope = openEnvelope(typeof sealed === 'string' ? sealed : undefined, {
        key: options.envelopeKey,
        audience: name,
        body,
        now: options.clock.now(),
      });
    } catch (error) {
      if (!(error instanceof EnvelopeError)) throw error;
      meter
        .counter('subgraph_refused_total', 'Requests refused for their envelope')
        .add(1, { problem: error.problem });
      return sendError(response, 401, 'UNAUTHENTICATED', error.message);
    }
    const parsed = parseRequest(body);
    if (!parsed) return sendError(response, 400, 'BAD_USER_INPUT', 'The body is not a GraphQL request.');
    const document = host.prepare(parsed.query);
    if (!('kind' in document))
      return sendJson(response, 400, { errors: document.map((error) => error.toJSON()) });

    const gone = new AbortController();
    response.on('close', () => gone.abort());
    const context = contextOf(
      envelope,
      AbortSignal.any([
        gone.signal,
        AbortSignal.timeout(Math.max(1, envelope.deadline - options.clock.now())),
      ]),
      activeTrace() ?? traceContextOf(request.headers),
    );
    const operation: SubgraphRequest = { kind: 'query', document, context, ...parsed };
    if (request.headers.accept?.includes('text/event-stream'))
      return streamEvents(host, { ...operation, context: { ...context, signal: gone.signal } }, response);
    const result = await host.execute(operation);
    duration.record((performance.now() - started) / 1000, { subgraph: name });
    sendJson(response, 200, result);
  }

  const sockets = acceptSubscriptions(server, options);
  await listen(server, options.port, options.address ?? '127.0.0.1');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://${options.address ?? '127.0.0.1'}:${port}/graphql`,
    async stop() {
      draining = true;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await sockets.close();
      server.closeIdleConnections();
      const fuse = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
      await closed;
      clearTimeout(fuse);
    },
  };
}

export function contextOf(envelope: Envelope, signal: AbortSignal, trace: TraceContext): RequestContext {
  return {
    caller: envelope.caller,
    requestId: envelope.requestId,
    deadline: envelope.deadline,
    signal,
    ...trace,
    ...(envelope.clientAddress !== undefined && { clientAddress: envelope.clientAddress }),
  };
}

export function parseRequest(
  body: Uint8Array | string,
): { query: string; operationName?: string; variables?: Record<string, unknown> } | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString());
  } catch {
    return undefined;
  }
  if (
    typeof parsed !== 'object' ||
    parsed === null ||
    !('query' in parsed) ||
    typeof parsed.query !== 'string'
  )
    return undefined;
  const { query, operationName, variables } = parsed as {
    query: string;
    operationName?: unknown;
    variables?: unknown;
  };
  return {
    query,
    ...(typeof operationName === 'string' && { operationName }),
    ...(typeof variables === 'object' &&
      variables !== null && { variables: variables as Record<string, unknown> }),
  };
}

/** A route that ends in `/*` serves everything below it. */
function prefixRoute(
  routes: Readonly<Record<string, HttpRoute>>,
  method: string,
  path: string,
): HttpRoute | undefined {
  const key = Object.keys(routes).find(
    (candidate) => candidate.endsWith('/*') && `${method} ${path}`.startsWith(candidate.slice(0, -1)),
  );
  return key === undefined ? undefined : routes[key];
}

async function streamEvents(
  host: SubgraphHost,
  operation: SubgraphRequest,
  response: ServerResponse,
): Promise<void> {
  const events = await host.subscribe(operation);
  response.on('close', () => void events.return?.());
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.flushHeaders();
  const heartbeat = setInterval(() => response.write(':\n\n'), 15_000);
  try {
    for await (const event of events) {
      if (response.destroyed) break;
      if (response.write(`event: next\ndata: ${JSON.stringify(event)}\n\n`)) continue;
      await new Promise<void>((resolve) => response.once('drain', resolve).once('close', resolve));
    }
    response.end('event: complete\ndata:\n\n');
  } finally {
    clearInterval(heartbeat);
  }
}

function sendError(response: ServerResponse, status: number, code: string, message: string): void {
  sendJson(response, status, { errors: [{ message, extensions: { code } }] });
}

// What was not read of the body stands in the way of the next request.
function refuseBody(response: ServerResponse, error: BodyError): void {
  response.setHeader('connection', 'close');
  sendError(response, error.problem === 'too-large' ? 413 : 400, 'BAD_USER_INPUT', error.message);
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  const body = JSON.stringify(value);
  response
    .writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
    .end(body);
}

function listen(server: Server, port: number, address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, address, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
