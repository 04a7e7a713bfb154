import type { IncomingHttpHeaders } from 'node:http';

/** Which browser origins may call, and which requests a browser may have sent in another site's name. */
export interface Origins {
  /** Same origin or on the list. */
  allowed(origin: string, host: string | undefined): boolean;
  /** Response headers for a cross-origin reader; `undefined` when it may not read. */
  corsHeaders(headers: IncomingHttpHeaders): Readonly<Record<string, string>> | undefined;
  /** Response headers of a preflight. */
  preflightHeaders(headers: IncomingHttpHeaders): Readonly<Record<string, string>>;
  /** True for a request without body that a page of another site could have made the browser send without a preflight. */
  forgeable(headers: IncomingHttpHeaders): boolean;
}

const LOOPBACK = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;
/** A browser asks first (preflight) before it sends one of these to another origin. */
const PREFLIGHT_HEADERS = [
  'apollo-require-preflight',
  'x-apollo-operation-name',
  'x-aisle-client',
  'authorization',
  'x-api-key',
  'x-graphql-event-stream-token',
] as const;
const EXPOSED = 'x-request-id, retry-after, x-aisle-cost';
const ALLOWED_HEADERS =
  'accept, authorization, cache-control, content-type, x-api-key, x-aisle-region, x-aisle-client, x-aisle-timeout-ms, x-aisle-plan, x-request-id, traceparent, tracestate, apollo-require-preflight, apollographql-client-name, apollographql-client-version, x-apollo-operation-name, x-graphql-event-stream-token';

export function createOrigins(
  allowList: () => readonly string[] | '*' | undefined,
  mode: 'development' | 'production',
): Origins {
  const listed = (origin: string, list = allowList()) =>
    list === undefined
      ? mode === 'development' && LOOPBACK.test(origin)
      : list === '*' || list.includes(origin);

  const allowed = (origin: string, host: string | undefined) =>
    listed(origin) || (host !== undefined && sameOrigin(origin, host));

  const corsHeaders = ({ origin, host }: IncomingHttpHeaders) =>
    origin !== undefined && allowed(origin, host)
      ? { 'access-control-allow-origin': origin, 'access-control-expose-headers': EXPOSED, vary: 'origin' }
      : undefined;

  return {
    allowed,
    corsHeaders,
    preflightHeaders(headers) {
      const cors = corsHeaders(headers);
      if (!cors) return { vary: 'origin' };
      return {
        ...cors,
        'access-control-allow-methods': 'GET, POST, PUT, DELETE',
        'access-control-allow-headers': ALLOWED_HEADERS,
        'access-control-max-age': '600',
      };
    },
    forgeable(headers) {
      if (PREFLIGHT_HEADERS.some((name) => headers[name] !== undefined)) return false;
      const site = headers['sec-fetch-site'];
      if (site === 'cross-site' || site === 'same-site')
        return headers.origin === undefined || !allowed(headers.origin, headers.host);
      if (headers.origin !== undefined) return !allowed(headers.origin, headers.host);
      if (site !== undefined) return false;
      // A browser too old to say where a request comes from: only JSON asked for by script is believed, never an image, frame or link.
      return headers['user-agent']?.startsWith('Mozilla/') === true;
    },
  };
}

function sameOrigin(origin: string, host: string): boolean {
  return origin === `http://${host}` || origin === `https://${host}`;
}
