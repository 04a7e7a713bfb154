/** Why a stream of events ended, when it was not simply complete. */
export class StreamEnd extends Error {
  readonly code: 'SLOW_CONSUMER' | 'UNAUTHENTICATED' | 'SHUTTING_DOWN' | 'FORBIDDEN';

  constructor(code: StreamEnd['code'], message: string) {
    super(message);
    this.name = 'StreamEnd';
    this.code = code;
  }
}

/**
 * Events on their way to one subscriber. At most `most` wait for it; one more, and they are dropped and its next read throws `StreamEnd`
 * with `SLOW_CONSUMER`. `onEnd` is told once, with the error if there is one.
 */
export class EventBuffer<Event> implements AsyncIterableIterator<Event> {
  readonly #most: number;
  readonly #onEnd: (error: unknown) => void;
  #waiting: Event[] = [];
  #reader: PromiseWithResolvers<IteratorResult<Event>> | undefined;
  #finished = false;
  #error: unknown;

  constructor(most: number, onEnd: (error: unknown) => void) {
    this.#most = most;
    this.#onEnd = onEnd;
  }

  push(event: Event): void {
    if (this.#finished) return;
    const reader = this.#reader;
    if (reader) {
      this.#reader = undefined;
      reader.resolve({ done: false, value: event });
    } else if (this.#waiting.push(event) > this.#most) {
      this.end(new StreamEnd('SLOW_CONSUMER', `More than ${this.#most} events were waiting for you.`));
    }
  }

  /** No more events come; those that wait are still read, then the error (if any) is thrown. */
  finish(error?: unknown): void {
    if (this.#finished) return;
    this.#finished = true;
    this.#error = error;
    this.#onEnd(error);
    const reader = this.#reader;
    if (!reader) return;
    this.#reader = undefined;
    this.#error = undefined;
    if (error === undefined) reader.resolve({ done: true, value: undefined });
    else reader.reject(error);
  }

  /** Ends at once: what waits is dropped. */
  end(error?: unknown): void {
    if (!this.#finished) this.#waiting = [];
    this.finish(error);
  }

  next(): Promise<IteratorResult<Event>> {
    const event = this.#waiting.shift();
    if (event !== undefined) return Promise.resolve({ done: false, value: event });
    if (this.#error !== undefined) {
      const error = this.#error;
      this.#error = undefined;
      return Promise.reject(error);
    }
    if (this.#finished) return Promise.resolve({ done: true, value: undefined });
    this.#reader ??= Promise.withResolvers();
    return this.#reader.promise;
  }

  async return(): Promise<IteratorResult<Event>> {
    this.end();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
