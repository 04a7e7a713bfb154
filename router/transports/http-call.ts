import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import { TransportError } from './transport-error.ts';

export interface HttpResponse {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  /** All of the answer's headers; absent where they say nothing about it. */
  readonly headers?: IncomingHttpHeaders;
}

/** One HTTP exchange as undici's dispatch handler, bounded in time and bytes, cancelled with the operation. */
export class HttpCall implements Dispatcher.DispatchHandler {
  readonly response: Promise<HttpResponse>;
  readonly #subgraph: string;
  readonly #maxBytes: number;
  readonly #signal: AbortSignal;
  readonly #timer: NodeJS.Timeout;
  readonly #onAbort = (): void =>
    this.#fail(
      new TransportError(
        'SUBGRAPH_ABORTED',
        this.#subgraph,
        `The call to subgraph "${this.#subgraph}" was cancelled`,
      ),
    );
  #resolve!: (response: HttpResponse) => void;
  #reject!: (error: TransportError) => void;
  #controller: Dispatcher.DispatchController | undefined;
  #failure: TransportError | undefined;
  #done = false;
  #status = 0;
  #contentType = '';
  #headers: IncomingHttpHeaders = {};
  #chunks: Buffer[] = [];
  #bytes = 0;

  constructor(subgraph: string, maxBytes: number, timeout: number, signal: AbortSignal) {
    this.#subgraph = subgraph;
    this.#maxBytes = maxBytes;
    this.#signal = signal;
    this.response = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#timer = setTimeout(
      () =>
        this.#fail(
          new TransportError('SUBGRAPH_TIMEOUT', subgraph, `Subgraph "${subgraph}" did not answer in time`),
        ),
      timeout,
    );
    if (signal.aborted) this.#onAbort();
    else signal.addEventListener('abort', this.#onAbort);
  }

  get settled(): boolean {
    return this.#done;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#failure) controller.abort(this.#failure);
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHttpHeaders,
  ): void {
    this.#status = status;
    this.#contentType = headers['content-type'] ?? '';
    this.#headers = headers;
    if (Number(headers['content-length'] ?? 0) > this.#maxBytes) this.#tooLarge();
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes > this.#maxBytes) this.#tooLarge();
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    if (this.#done) return;
    this.#finish();
    const first = this.#chunks[0];
    const body = this.#chunks.length === 1 && first ? first : Buffer.concat(this.#chunks, this.#bytes);
    this.#resolve({
      status: this.#status,
      contentType: this.#contentType,
      headers: this.#headers,
      body: body.toString('utf8'),
    });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#fail(
      new TransportError(
        'SUBGRAPH_UNREACHABLE',
        this.#subgraph,
        `Subgraph "${this.#subgraph}" could not be reached`,
        { cause: error },
      ),
    );
  }

  #tooLarge(): void {
    this.#fail(
      new TransportError(
        'SUBGRAPH_RESPONSE_TOO_LARGE',
        this.#subgraph,
        `Subgraph "${this.#subgraph}" answered with more than ${this.#maxBytes} bytes`,
      ),
    );
  }

  #fail(error: TransportError): void {
    if (this.#done) return;
    this.#failure = error;
    this.#finish();
    this.#chunks = [];
    this.#controller?.abort(error);
    this.#reject(error);
  }

  #finish(): void {
    this.#done = true;
    clearTimeout(this.#timer);
    this.#signal.removeEventListener('abort', this.#onAbort);
  }
}
