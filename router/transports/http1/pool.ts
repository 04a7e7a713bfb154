import { Connection, type Exchange } from './connection.ts';

export interface PoolOptions {
  /** `http:` or `https:`, host and port. */
  readonly origin: URL;
  /** Most connections open at once. */
  readonly connections: number;
  readonly maxResponseBytes: number;
}

/** Milliseconds between looks for connections that nobody has used. */
const SWEEP = 5_000;

/** Connections to one server, each for one exchange at a time; exchanges that find none free wait in the order they came. */
export class Pool {
  readonly #options: PoolOptions;
  readonly #all = new Set<Connection>();
  /** The last one used is the first to be used again, so that the others can go. */
  readonly #idle: Connection[] = [];
  readonly #waiting = new Set<Exchange>();
  readonly #sweep: NodeJS.Timeout;
  #closed = false;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#sweep = setInterval(() => this.#dropStale(), SWEEP);
    this.#sweep.unref();
  }

  run(exchange: Exchange): void {
    if (this.#closed) {
      exchange.failed(new Error('The pool is closed.'));
      return;
    }
    const connection = this.#freeConnection();
    if (connection) connection.run(exchange);
    else this.#waiting.add(exchange);
  }

  /** Gives an exchange up that is neither done nor failed, and will be neither. Its connection, if it has one, cannot be used again. */
  abandon(exchange: Exchange): void {
    if (!this.#waiting.delete(exchange)) exchange.connection?.abandon();
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#sweep);
    const error = new Error('The pool was closed.');
    for (const connection of this.#all) connection.destroy(error);
    for (const exchange of this.#waiting) exchange.failed(error);
    this.#waiting.clear();
  }

  #freeConnection(): Connection | undefined {
    for (let idle = this.#idle.pop(); idle; idle = this.#idle.pop()) {
      if (idle.isFresh) return idle;
      idle.destroy();
    }
    return this.#all.size < this.#options.connections ? this.#open() : undefined;
  }

  #open(): Connection {
    const { origin, maxResponseBytes } = this.#options;
    const connection = new Connection({
      origin,
      maxResponseBytes,
      onIdle: (idle) => this.#next(idle),
      onClosed: (closed) => this.#forget(closed),
    });
    this.#all.add(connection);
    return connection;
  }

  #next(connection: Connection): void {
    const [exchange] = this.#waiting;
    if (!exchange) {
      this.#idle.push(connection);
      return;
    }
    this.#waiting.delete(exchange);
    connection.run(exchange);
  }

  #forget(connection: Connection): void {
    this.#all.delete(connection);
    const index = this.#idle.indexOf(connection);
    if (index >= 0) this.#idle.splice(index, 1);
    const [exchange] = this.#waiting;
    if (!exchange || this.#closed || this.#all.size >= this.#options.connections) return;
    this.#waiting.delete(exchange);
    this.#open().run(exchange);
  }

  #dropStale(): void {
    for (const connection of [...this.#idle]) if (!connection.isFresh) connection.destroy();
  }
}
