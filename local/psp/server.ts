import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BodyError, readBody } from '@aisle/platform/http';
import { actionPage, isActionPath } from './action-page.ts';
import { type Api, createApi } from './api.ts';
import type { Context } from './context.ts';
import { control } from './control.ts';
import { createFaults, type Faults } from './faults.ts';
import { parseForm } from './form.ts';
import { createIdempotency } from './idempotency.ts';
import { openStore, pspId } from './store.ts';
import type { Stored } from './types.ts';
import { createWebhooks, DEFAULT_EVENTS, type Webhooks } from './webhooks.ts';

export interface PspOptions {
  /** 0 takes a free one. @default 0 */
  readonly port?: number;
  /** The journal file that keeps the state over restarts. */
  readonly data: string;
  /** The only API key taken; without it any `sk_test_…`. */
  readonly key?: string;
  readonly webhook?: { readonly url?: string; readonly secret?: string; readonly events?: readonly string[] };
  /** Milliseconds that `pm_card_slow` takes. @default 1 500 */
  readonly slowMs?: number;
  /** Milliseconds after which a request that hangs is dropped. @default 30 000 */
  readonly hangMs?: number;
  readonly now?: () => number;
  /** Told about every request, without secrets. */
  readonly log?: (line: object) => void;
}

export interface Psp {
  readonly url: string;
  readonly faults: Faults;
  stop(): Promise<void>;
}

/** Requests of the protocol are small; the history of a data set comes in batches. */
const MAX_BODY = 1024 * 1024;

/** Starts an emulator of Stripe's REST protocol on loopback. */
export async function startPsp(options: PspOptions): Promise<Psp> {
  const { now = Date.now, log = () => {} } = options;
  const store = openStore(options.data, now);
  const faults = createFaults();
  const { url = '', secret = 'whsec_local', events = DEFAULT_EVENTS } = options.webhook ?? {};
  const webhooks = createWebhooks(store, { url, secret, events }, now, log);
  const requests = new Map<string, number>();
  let cause = { request: '', key: null as string | null };
  let address = '';
  const context: Context = {
    store,
    seconds: () => Math.floor(now() / 1000),
    emit: (type: string, object: Stored) => webhooks.record(type, object, cause),
    address: () => address,
  };
  const api = createApi({
    context,
    faults,
    idempotency: createIdempotency(store),
    key: options.key,
    slowMs: options.slowMs ?? 1_500,
    hangMs: options.hangMs ?? 30_000,
    now,
    causedBy: (request, key) => {
      cause = { request, key };
    },
    changed: () => {
      store.flush();
      webhooks.wake();
    },
  });

  const server = createServer((request, response) => {
    const started = performance.now();
    const path = (request.url ?? '/').split('?')[0]!;
    const id = pspId('req');
    response.once('close', () => {
      const shown =
        api.patternOf(request.method ?? '', path) ?? (isActionPath(path) ? '/pay/action/…' : known(path));
      const name = `${request.method} ${shown}`;
      requests.set(name, (requests.get(name) ?? 0) + 1);
      log({
        request: id,
        method: request.method,
        path: shown,
        status: response.writableEnded ? response.statusCode : 'cut',
        ms: Math.round((performance.now() - started) * 10) / 10,
      });
    });
    serve({ api, context, faults, webhooks, requests }, request, response, path, id).catch((error: Error) => {
      log({ request: id, error: error.message });
      if (error instanceof BodyError) return refuseBody(response, error);
      if (!response.headersSent)
        json(response, 500, { error: { type: 'api_error', message: 'Something went wrong.' } });
    });
  });
  server.keepAliveTimeout = 65_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  webhooks.wake();
  return {
    url: address,
    faults,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await webhooks.stop();
      store.flush();
      store.close();
    },
  };
}

/** A path that no route knows may hold anything: only our own are printed. */
const known = (path: string) => /^\/(_test\/[a-z]+|health)/.exec(path)?.[0] ?? 'unknown path';

interface Parts {
  api: Api;
  context: Context;
  faults: Faults;
  webhooks: Webhooks;
  requests: ReadonlyMap<string, number>;
}

async function serve(
  parts: Parts,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  id: string,
): Promise<void> {
  const body = (await readBody(request, MAX_BODY)).toString();
  const method = request.method ?? 'GET';
  if (path.startsWith('/v1/')) return parts.api.handle(request, response, path, body, id);
  if (path === '/health') return json(response, 200, { ok: true });
  if (path.startsWith('/_test/')) {
    const from = request.socket.remoteAddress ?? '';
    if (!/^(127\.|::1$|::ffff:127\.)/.test(from))
      return json(response, 403, { error: 'only from this machine' });
    try {
      const answer = control(parts, method, path, body === '' ? {} : JSON.parse(body));
      return json(response, answer.status, answer.body);
    } catch (error) {
      return json(response, 400, { error: (error as Error).message });
    }
  }
  if (isActionPath(path)) {
    const page = actionPage(parts.context, method, path, parseForm(method === 'POST' ? body : ''));
    parts.context.store.flush();
    parts.webhooks.wake();
    const headers = {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      ...(page.location && { location: page.location }),
    };
    response.writeHead(page.status, headers).end(page.html);
    return;
  }
  json(response, 404, {
    error: { type: 'invalid_request_error', message: `Unrecognized request URL (${method}: ${path}).` },
  });
}

function refuseBody(response: ServerResponse, { problem, message }: BodyError): void {
  response.setHeader('connection', 'close');
  json(response, problem === 'too-large' ? 413 : 400, { error: { type: 'invalid_request_error', message } });
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
