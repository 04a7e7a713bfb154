import type { Connection, Exchange } from './http1/connection.ts';
import type { Pool } from './http1/pool.ts';
import { ResponseError } from './http1/response-error.ts';
import type { ParsedResponse } from './http1/response-parser.ts';
import { TransportError, type TransportErrorCode } from './transport-error.ts';

export interface HttpCallOptions {
  readonly subgraph: string;
  readonly pool: Pool;
  /** Head and body. */
  readonly request: string;
  /** Milliseconds. */
  readonly timeout: number;
  readonly signal: AbortSignal;
}

/** One exchange with a subgraph, bounded in time and cancelled with the operation. */
export class HttpCall implements Exchange {
  readonly request: string;
  readonly response: Promise<ParsedResponse>;
  connection?: Connection;
  readonly #options: HttpCallOptions;
  readonly #timer: NodeJS.Timeout;
  readonly #onAbort = (): void => this.#giveUp('SUBGRAPH_ABORTED', 'was cancelled');
  #resolve!: (response: ParsedResponse) => void;
  #reject!: (error: TransportError) => void;
  #settled = false;

  constructor(options: HttpCallOptions) {
    this.request = options.request;
    this.#options = options;
    this.response = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#timer = setTimeout(
      () => this.#giveUp('SUBGRAPH_TIMEOUT', 'was not answered in time'),
      options.timeout,
    );
    const { signal, pool } = options;
    if (signal.aborted) this.#onAbort();
    else {
      signal.addEventListener('abort', this.#onAbort);
      pool.run(this);
    }
  }

  done(response: ParsedResponse): void {
    if (this.#settle()) this.#resolve(response);
  }

  failed(cause: Error): void {
    if (!this.#settle()) return;
    const { subgraph } = this.#options;
    const [code, what] =
      cause instanceof ResponseError && cause.reason === 'too-large'
        ? (['SUBGRAPH_RESPONSE_TOO_LARGE', 'answered with more than it may'] as const)
        : (['SUBGRAPH_UNREACHABLE', 'could not be reached'] as const);
    this.#reject(new TransportError(code, subgraph, `Subgraph "${subgraph}" ${what}`, { cause }));
  }

  #giveUp(code: TransportErrorCode, what: string): void {
    if (!this.#settle()) return;
    const { subgraph, pool } = this.#options;
    pool.abandon(this);
    this.#reject(new TransportError(code, subgraph, `The call to subgraph "${subgraph}" ${what}`));
  }

  /** @returns whether it had not been before */
  #settle(): boolean {
    if (this.#settled) return false;
    this.#settled = true;
    clearTimeout(this.#timer);
    this.#options.signal.removeEventListener('abort', this.#onAbort);
    return true;
  }
}
