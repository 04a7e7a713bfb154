import { StringDecoder } from 'node:string_decoder';
import { ChunkedBody } from './chunked-body.ts';
import { ResponseError } from './response-error.ts';

/** Names in lower case; of a name that comes several times, the values joined with commas. */
export type ResponseHeaders = Readonly<Record<string, string | undefined>>;

export interface ParsedResponse {
  readonly status: number;
  readonly headers: ResponseHeaders;
  readonly body: string;
  /** May the connection take another request? */
  readonly reusable: boolean;
}

const END_OF_HEAD = '\r\n\r\n';
const MOST_HEAD_BYTES = 64 * 1024;
const STATUS_LINE = /^HTTP\/1\.([01]) ([1-5]\d\d)(?: |$)/;
const NO_BODY: ReadonlySet<number> = new Set([204, 304]);

/** How the body ends (RFC 9112, section 6.3). */
type Framing =
  | { readonly kind: 'length'; readonly length: number }
  | { readonly kind: 'chunked'; readonly body: ChunkedBody }
  | { readonly kind: 'until-close' };

interface Head {
  readonly status: number;
  readonly headers: ResponseHeaders;
  readonly keepsAlive: boolean;
  readonly framing: Framing;
}

/**
 * Reads HTTP/1.1 responses off the bytes of one connection, one after the other, as strict as a client should be that reuses the connection: what is ambiguous about where a
 * response ends is an error.
 */
export class ResponseParser {
  readonly #maxBytes: number;
  /** Of a head that has not come whole. */
  #started = '';
  #head: Head | undefined;
  /** Of a body that does not come in one read: what has come, as text. */
  #text = '';
  #decoder: StringDecoder | undefined;
  #received = 0;

  /** @param maxBytes of a body */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Has a byte of the next response come? */
  get hasBegun(): boolean {
    return this.#head !== undefined || this.#started !== '';
  }

  /**
   * @param bytes are not kept: their memory may be used again
   * @returns the response when it is whole
   * @throws ResponseError
   */
  read(bytes: Buffer): ParsedResponse | undefined {
    let at = 0;
    while (!this.#head) {
      const end = this.#readHead(bytes, at);
      if (end === undefined) return undefined;
      at = end;
    }
    return this.#readBody(this.#head, bytes, at);
  }

  /**
   * The connection has ended.
   * @returns the response, when that was its end
   * @throws ResponseError when it is cut short
   */
  end(): ParsedResponse | undefined {
    if (!this.hasBegun) return undefined;
    if (this.#head?.framing.kind === 'until-close') return this.#finish(this.#head, this.#decoded(), false);
    throw new ResponseError('invalid', 'The response was cut short.');
  }

  /** @returns where the body begins, or nothing when more has to come */
  #readHead(bytes: Buffer, start: number): number | undefined {
    const before = this.#started.length;
    // The end may lie across two reads.
    const text = before === 0 && start === 0 ? undefined : this.#started + bytes.toString('latin1', start);
    const end = text === undefined ? bytes.indexOf(END_OF_HEAD, 0, 'latin1') : text.indexOf(END_OF_HEAD);
    if (end < 0) {
      this.#started = text ?? bytes.toString('latin1');
      if (this.#started.length > MOST_HEAD_BYTES)
        throw new ResponseError('too-large', 'The head of the response does not end.');
      return undefined;
    }
    const head = parseHead(text === undefined ? bytes.toString('latin1', 0, end) : text.slice(0, end));
    this.#started = '';
    // 100 and 103 come before the response itself.
    if (head.status >= 200) this.#head = head;
    return start + end + END_OF_HEAD.length - before;
  }

  #readBody(head: Head, bytes: Buffer, at: number): ParsedResponse | undefined {
    const { framing } = head;
    const left = bytes.length - at;
    if (framing.kind === 'length') {
      if (framing.length > this.#maxBytes) throw tooLarge(this.#maxBytes);
      const missing = framing.length - this.#received;
      if (left < missing) {
        this.#keep(bytes, at, bytes.length);
        return undefined;
      }
      const whole = this.#received === 0;
      if (!whole) this.#keep(bytes, at, at + missing);
      const text = whole ? bytes.toString('utf8', at, at + missing) : this.#decoded();
      // Bytes that nobody asked for: where they belong, nobody knows.
      return this.#finish(head, text, head.keepsAlive && left === missing);
    }
    if (framing.kind === 'until-close') {
      this.#keep(bytes, at, bytes.length);
      return undefined;
    }
    const end = framing.body.read(bytes, at, (from, to) => this.#keep(bytes, from, to));
    if (end === undefined) return undefined;
    return this.#finish(head, this.#decoded(), head.keepsAlive && end === bytes.length);
  }

  #keep(bytes: Buffer, start: number, end: number): void {
    this.#received += end - start;
    if (this.#received > this.#maxBytes) throw tooLarge(this.#maxBytes);
    if (end === start) return;
    // Text at once, not the bytes first: those would lie outside the heap, and so set off collections.
    this.#decoder ??= new StringDecoder('utf8');
    this.#text += this.#decoder.write(bytes.subarray(start, end));
  }

  #decoded(): string {
    return this.#decoder ? this.#text + this.#decoder.end() : '';
  }

  #finish({ status, headers }: Head, body: string, reusable: boolean): ParsedResponse {
    this.#head = undefined;
    this.#text = '';
    this.#decoder = undefined;
    this.#received = 0;
    return { status, headers, body, reusable };
  }
}

function parseHead(text: string): Head {
  const lineEnd = text.indexOf('\r\n');
  const line = lineEnd < 0 ? text : text.slice(0, lineEnd);
  const [, minor, code] = STATUS_LINE.exec(line) ?? [];
  if (code === undefined) throw new ResponseError('invalid', 'This is no HTTP/1.1 response.');
  const status = Number(code);
  const headers = lineEnd < 0 ? {} : parseHeaders(text, lineEnd + 2);
  const connection = headers.connection?.toLowerCase() ?? '';
  const keepsAlive = minor === '1' ? !connection.includes('close') : connection.includes('keep-alive');
  return { status, headers, keepsAlive, framing: framingOf(status, headers) };
}

function parseHeaders(text: string, start: number): ResponseHeaders {
  const headers: Record<string, string> = Object.create(null);
  for (let at = start; at < text.length; ) {
    const next = text.indexOf('\r\n', at);
    const end = next < 0 ? text.length : next;
    const colon = text.indexOf(':', at);
    // A line that starts with a space goes on with the one before: obsolete, and a way to hide things.
    if (colon <= at || colon > end || text.charCodeAt(at) <= 0x20)
      throw new ResponseError('invalid', 'The response has a broken header.');
    const name = text.slice(at, colon).toLowerCase();
    const value = text.slice(colon + 1, end).trim();
    const before = headers[name];
    headers[name] = before === undefined ? value : `${before}, ${value}`;
    at = end + 2;
  }
  return headers;
}

function framingOf(status: number, headers: ResponseHeaders): Framing {
  if (status < 200 || NO_BODY.has(status)) return { kind: 'length', length: 0 };
  const { 'transfer-encoding': encoding, 'content-length': length } = headers;
  if (encoding !== undefined) {
    if (length !== undefined || encoding.toLowerCase() !== 'chunked')
      throw new ResponseError('invalid', 'The length of the response is ambiguous.');
    return { kind: 'chunked', body: new ChunkedBody() };
  }
  if (length === undefined) return { kind: 'until-close' };
  // Equal ones may be repeated.
  const [first = '', ...others] = length.split(/, ?/);
  if (!/^\d{1,15}$/.test(first) || others.some((other) => other !== first))
    throw new ResponseError('invalid', 'The length of the response is ambiguous.');
  return { kind: 'length', length: Number(first) };
}

const tooLarge = (most: number) =>
  new ResponseError('too-large', `The body of the response is larger than ${most} bytes.`);
