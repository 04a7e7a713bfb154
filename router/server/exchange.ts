import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TraceContext } from '@aisle/platform/telemetry';
import type { ResponsePolicy } from '../cache/index.ts';
import { compressed } from './compress.ts';
import { requestIdOf, traceOf } from './request-ids.ts';

const JSON_HEADERS = {
  'application/json': 'application/json; charset=utf-8',
  'application/graphql-response+json': 'application/graphql-response+json; charset=utf-8',
} as const;
/** Milliseconds a client has to take its answer. */
const TAKE_TIMEOUT = 30_000;

/** Whether `If-None-Match` names the tag, by the weak comparison (RFC 9110, 13.1.2): proxies make strong tags weak and the other way round. */
function isAmong(etag: string, ifNoneMatch: string | undefined): boolean {
  if (ifNoneMatch === undefined) return false;
  const opaque = (tag: string) => tag.trim().replace(/^W\//, '');
  return ifNoneMatch.trim() === '*' || ifNoneMatch.split(',').some((tag) => opaque(tag) === opaque(etag));
}

/** One HTTP request and its answer. */
export class Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
  /** Of what follows from the request; the server span's where spans are recorded. */
  trace: TraceContext;
  /** Network address the request came from. */
  readonly clientAddress: string | undefined;
  /** `performance.now()` at the first byte. */
  readonly started = performance.now();
  /** Headers every answer carries (CORS). */
  cors: Readonly<Record<string, string>> | undefined;
  /** What the answer may be kept for; `undefined` where nothing is kept. */
  policy: ResponsePolicy | undefined;

  constructor(request: IncomingMessage, response: ServerResponse) {
    this.request = request;
    this.response = response;
    this.requestId = requestIdOf(request.headers['x-request-id']);
    this.trace = traceOf(request.headers);
    this.clientAddress = request.socket.remoteAddress;
  }

  get answered(): boolean {
    return this.response.headersSent || this.response.destroyed;
  }

  /** Seconds since the first byte. */
  get seconds(): number {
    return (performance.now() - this.started) / 1000;
  }

  head(headers: Readonly<Record<string, string | number>>): Record<string, string | number> {
    return { ...this.cors, ...headers, 'x-request-id': this.requestId };
  }

  json(
    status: number,
    type: keyof typeof JSON_HEADERS,
    body: string,
    headers?: Readonly<Record<string, string>>,
  ): void {
    this.send(status, JSON_HEADERS[type], body, headers);
  }

  /** The answer to a GET, or 304 when the client has it already. Unless `keep` says more, it may be kept by who asked, and must be asked for again each time. */
  revalidated(
    type: keyof typeof JSON_HEADERS,
    body: string,
    keep: Readonly<Record<string, string>> = { 'cache-control': 'private, no-cache' },
  ): void {
    const etag = `W/"${createHash('sha1').update(body).digest('base64url')}"`;
    const headers = { ...keep, etag };
    if (isAmong(etag, this.request.headers['if-none-match']))
      this.response.writeHead(304, this.head(headers)).end();
    else this.json(200, type, body, headers);
  }

  send(status: number, type: string, body: string, headers?: Readonly<Record<string, string>>): void {
    if (this.answered) return;
    const accepted = this.request.headers['accept-encoding'];
    const packed = accepted === undefined || body.length < 1024 ? undefined : compressed(body, accepted);
    if (packed)
      void packed.then(({ bytes, encoding }) =>
        this.#write(status, type, bytes, {
          ...headers,
          'content-encoding': encoding,
          vary: headers?.vary ?? (this.cors ? 'origin, accept-encoding' : 'accept-encoding'),
        }),
      );
    else this.#write(status, type, body, headers);
  }

  #write(
    status: number,
    type: string,
    body: string | Buffer,
    headers?: Readonly<Record<string, string>>,
  ): void {
    const { response } = this;
    if (this.answered) return;
    const length = typeof body === 'string' ? Buffer.byteLength(body) : body.length;
    response.writeHead(status, {
      'content-type': type,
      'content-length': length,
      'x-request-id': this.requestId,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      ...this.cors,
      ...headers,
    });
    if (this.request.method === 'HEAD') response.end();
    // Text that is all ASCII need not be encoded, only copied.
    else response.end(body, length === body.length ? 'latin1' : 'utf8');
    // A client that stops reading keeps neither the answer nor the socket for long.
    if (response.writableNeedDrain) this.#mustBeTaken();
  }

  #mustBeTaken(): void {
    const timer = setTimeout(() => this.response.destroy(), TAKE_TIMEOUT);
    timer.unref();
    this.response.once('close', () => clearTimeout(timer));
  }
}
