import type { SubgraphResponse } from '../engine/types.ts';
import { TransportError } from './transport-error.ts';

/** Hands events of a stream to one reader, holding a bounded number of them back for it. */
export class EventQueue implements AsyncIterableIterator<SubgraphResponse> {
  readonly #subgraph: string;
  readonly #limit: number;
  readonly #stop: () => void;
  readonly #events: SubgraphResponse[] = [];
  #waiting: PromiseWithResolvers<IteratorResult<SubgraphResponse>> | undefined;
  #ended = false;
  #error: unknown;

  /** `stop` is called once, when the reader leaves or the queue gives up. */
  constructor(subgraph: string, limit: number, stop: () => void) {
    this.#subgraph = subgraph;
    this.#limit = limit;
    this.#stop = stop;
  }

  push(event: SubgraphResponse): void {
    if (this.#ended) return;
    if (this.#waiting) {
      this.#waiting.resolve({ done: false, value: event });
      this.#waiting = undefined;
    } else if (this.#events.length < this.#limit) this.#events.push(event);
    else {
      this.end(
        new TransportError(
          'SUBGRAPH_OVERLOADED',
          this.#subgraph,
          `The reader of a subscription at subgraph "${this.#subgraph}" is too slow`,
        ),
      );
      this.#stop();
    }
  }

  /** No more events come; what waits is still read, then the error (if any) is thrown once. */
  end(error?: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#error = error;
    if (!this.#waiting) return;
    if (error === undefined) this.#waiting.resolve({ done: true, value: undefined });
    else this.#waiting.reject(error);
    this.#error = undefined;
    this.#waiting = undefined;
  }

  async next(): Promise<IteratorResult<SubgraphResponse>> {
    const event = this.#events.shift();
    if (event) return { done: false, value: event };
    if (this.#ended) {
      const error = this.#error;
      this.#error = undefined;
      if (error !== undefined) throw error;
      return { done: true, value: undefined };
    }
    this.#waiting ??= Promise.withResolvers();
    return this.#waiting.promise;
  }

  async return(): Promise<IteratorResult<SubgraphResponse>> {
    this.#events.length = 0;
    this.end();
    this.#stop();
    return { done: true, value: undefined };
  }

  async throw(error: unknown): Promise<IteratorResult<SubgraphResponse>> {
    await this.return();
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
