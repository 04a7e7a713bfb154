import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectSecure } from 'node:tls';
import { type ParsedResponse, ResponseParser } from './response-parser.ts';

/** Who a connection works for. */
export interface Exchange {
  /** The request's bytes: head and body. */
  readonly request: string;
  /** Where it runs, once it does. */
  connection?: Connection;
  done(response: ParsedResponse): void;
  failed(error: Error): void;
}

export interface ConnectionOptions {
  /** `http:` or `https:`, host and port. */
  readonly origin: URL;
  readonly maxResponseBytes: number;
  /** It takes the next exchange. */
  readonly onIdle: (connection: Connection) => void;
  readonly onClosed: (connection: Connection) => void;
}

const CONNECT_TIMEOUT = 5_000;
/** When the server does not say how long it keeps a connection: Node's own closes it after 5 s. */
const USUAL_KEEP_ALIVE = 4_000;
const MOST_KEEP_ALIVE = 30_000;
/** A server closes while a request is under way to it: this much earlier we do. */
const MARGIN = 1_000;

/**
 * What plain connections read into, one after the other: a read is dealt with before the next begins. Sparing each read its own memory is a good part of why this client
 * exists.
 */
const shared = Buffer.allocUnsafeSlow(128 * 1024);

/** One connection to a server: one exchange at a time. */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #socket: Socket;
  readonly #parser: ResponseParser;
  #exchange: Exchange | undefined;
  #connectTimer: NodeJS.Timeout | undefined;
  #failure: Error | undefined;
  #closed = false;
  /** `performance.now()` from which on it is not to be trusted. */
  #expires = Number.POSITIVE_INFINITY;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#parser = new ResponseParser(options.maxResponseBytes);
    this.#socket = this.#connect(options.origin);
    this.#socket.setNoDelay(true);
    this.#socket.on('error', (error) => this.destroy(error));
    this.#socket.on('close', () => this.#onClose());
    this.#connectTimer = setTimeout(
      () => this.destroy(new Error(`No connection after ${CONNECT_TIMEOUT} ms.`)),
      CONNECT_TIMEOUT,
    );
  }

  /** Can it take an exchange, as far as we know? */
  get isFresh(): boolean {
    return !this.#closed && performance.now() < this.#expires;
  }

  run(exchange: Exchange): void {
    this.#exchange = exchange;
    exchange.connection = this;
    this.#socket.write(exchange.request);
  }

  /** Ends it, and its exchange with this error. */
  destroy(error?: Error): void {
    this.#failure ??= error;
    this.#socket.destroy();
  }

  /** Ends it without a word to its exchange. */
  abandon(): void {
    this.#exchange = undefined;
    this.#socket.destroy();
  }

  #connect({ protocol, hostname, port }: URL): Socket {
    const host = hostname.replace(/^\[|\]$/g, '');
    const ready = () => {
      clearTimeout(this.#connectTimer);
      this.#connectTimer = undefined;
    };
    if (protocol === 'https:') {
      const secure = connectSecure(
        { host, port: Number(port || 443), servername: host, ALPNProtocols: ['http/1.1'] },
        ready,
      );
      secure.on('data', (bytes: Buffer) => this.#read(bytes));
      secure.on('end', () => this.#onEnd());
      return secure;
    }
    const socket = connectPlain(
      {
        host,
        port: Number(port || 80),
        onread: {
          buffer: shared,
          callback: (length) => {
            this.#read(shared.subarray(0, length));
            return true;
          },
        },
      },
      ready,
    );
    return socket.on('end', () => this.#onEnd());
  }

  #read(bytes: Buffer): void {
    this.#take(() => this.#parser.read(bytes));
  }

  #onEnd(): void {
    this.#take(() => this.#parser.end());
  }

  /** Bytes or the end that nobody asked for end the connection: a server that talks by itself may answer the wrong question next. */
  #take(next: () => ParsedResponse | undefined): void {
    const exchange = this.#exchange;
    if (!exchange) {
      this.destroy();
      return;
    }
    try {
      const response = next();
      if (response) this.#finish(exchange, response);
    } catch (error) {
      this.destroy(error as Error);
    }
  }

  #finish(exchange: Exchange, response: ParsedResponse): void {
    this.#exchange = undefined;
    const keptFor = keepAliveOf(response);
    // An answer to half a request leaves the other half on its way.
    if (response.reusable && keptFor > 0 && this.#socket.writableLength === 0) {
      this.#expires = performance.now() + keptFor;
      this.#options.onIdle(this);
    } else this.destroy();
    exchange.done(response);
  }

  #onClose(): void {
    this.#closed = true;
    clearTimeout(this.#connectTimer);
    this.#options.onClosed(this);
    const exchange = this.#exchange;
    this.#exchange = undefined;
    exchange?.failed(this.#failure ?? new Error('The connection was closed.'));
  }
}

/** Milliseconds the connection may lie idle. */
function keepAliveOf({ headers }: ParsedResponse): number {
  const announced = /(?:^|[, ])timeout=(\d{1,9})/i.exec(headers['keep-alive'] ?? '')?.[1];
  if (announced === undefined) return USUAL_KEEP_ALIVE;
  return Math.min(MOST_KEEP_ALIVE, Number(announced) * 1000 - MARGIN);
}
