import { type SpanOptions, withSpan } from '@aisle/platform/telemetry';
import Stripe from 'stripe';
import { Pool } from 'undici';

type Client = Stripe.HttpClient;
type Response = Stripe.HttpClientResponse;

export interface LeanHttpClient {
  readonly client: Client;
  close(): Promise<void>;
}

const EXCESS = new Set([
  'user-agent',
  'x-stripe-client-user-agent',
  'x-stripe-client-telemetry',
  'content-length',
  'host',
]);

/**
 * The SDK's own extension point, on a keep-alive pool: less CPU per call than its default, and no retry of its own.
 * (The SDK repeats a call whose connection was closed whatever `maxNetworkRetries` says; here such an error has no code
 * that it knows, so that repeating is the caller's policy alone.)
 * @param connections calls at once; more wait in the caller's bulkhead, not here
 */
export function leanHttpClient(origin: URL, connections: number): LeanHttpClient {
  const pool = new Pool(origin.origin, {
    connections,
    pipelining: 1,
    keepAliveTimeout: 60_000,
    connect: { timeout: 2_000 },
  });
  const client: Client = {
    getClientName: () => 'undici',
    makeRequest: (_host, _port, path, method, headers, body, _protocol, timeout) =>
      withSpan(`${method} ${routeOf(path)}`, spanOf(origin, method, path), async (span) => {
        // Not AbortSignal.timeout: its timer outlives the call, and then makes an error for nobody.
        const controller = new AbortController();
        const timer = setTimeout(() => controller.abort(), timeout);
        try {
          const reply = await pool.request({
            path,
            method: method as 'GET' | 'POST' | 'DELETE',
            headers: lean(headers),
            body: method === 'GET' ? null : body,
            signal: controller.signal,
          });
          span?.set({ 'http.response.status_code': reply.statusCode });
          const text = await reply.body.text();
          return new LeanResponse(reply.statusCode, reply.headers as Record<string, string>, text);
        } catch (error) {
          if (controller.signal.aborted) throw Stripe.HttpClient.makeTimeoutError();
          throw new TransportError(error as Error);
        } finally {
          clearTimeout(timer);
        }
      }),
  };
  return { client, close: () => pool.close() };
}

/** The path without its query and without the ids of anything in it. */
const routeOf = (path: string) => path.replace(/\?.*/, '').replace(/\/[a-z]+_[^/]*\d[^/]*/g, '/{id}');

const spanOf = (origin: URL, method: string, path: string): SpanOptions => ({
  kind: 'client',
  attributes: {
    'http.request.method': method,
    'url.template': routeOf(path),
    'server.address': origin.hostname,
    'server.port': Number(origin.port) || 443,
  },
});

/** The names behind the SDK's user agent are computed anew for each call and tell the provider nothing it needs. */
function lean(headers: object): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers))
    if (!EXCESS.has(name.toLowerCase())) kept[name] = String(value);
  return kept;
}

/** Why no answer came. `refused`: no connection was made, so nothing was sent. */
export class TransportError extends Error {
  override name = 'TransportError';
  readonly refused: boolean;
  constructor(cause: Error) {
    super(cause.message, { cause });
    const { code } = cause as NodeJS.ErrnoException;
    this.refused = code === 'ECONNREFUSED' || code === 'ENOTFOUND' || code === 'UND_ERR_CONNECT_TIMEOUT';
  }
}

class LeanResponse implements Response {
  readonly #status: number;
  readonly #headers: Record<string, string>;
  readonly #text: string;
  constructor(status: number, headers: Record<string, string>, text: string) {
    this.#status = status;
    this.#headers = headers;
    this.#text = text;
  }
  getStatusCode() {
    return this.#status;
  }
  getHeaders() {
    return this.#headers;
  }
  getRawResponse(): unknown {
    return {};
  }
  toStream(): never {
    throw new Error('Streaming is not used.');
  }
  async toJSON() {
    return JSON.parse(this.#text) as unknown;
  }
}
