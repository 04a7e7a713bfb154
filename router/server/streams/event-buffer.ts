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
 * Reads `source` as fast as it comes and keeps at most `most` events for a consumer that is slower. One more, and the waiting events are
 * dropped, the source is ended, and the consumer's next read throws `StreamEnd` with `SLOW_CONSUMER`.
 * `end(error)` makes the consumer's next read throw at once; `return()` ends the source.
 */
export class EventBuffer<Event> implements AsyncIterableIterator<Event> {
  readonly #source: AsyncIterator<Event>;
  readonly #most: number;
  readonly #onEnd: (error: unknown) => void;
  #waiting: Event[] = [];
  #reader: { resolve(result: IteratorResult<Event>): void; reject(error: unknown): void } | undefined;
  #finished = false;
  #error: unknown;

  constructor(source: AsyncIterator<Event>, most: number, onEnd: (error: unknown) => void) {
    this.#source = source;
    this.#most = most;
    this.#onEnd = onEnd;
    void this.#pump();
  }

  async #pump(): Promise<void> {
    try {
      for (;;) {
        const result = await this.#source.next();
        if (this.#finished) return;
        if (result.done) break;
        if (this.#reader) this.#give({ done: false, value: result.value });
        else if (this.#waiting.push(result.value) > this.#most) {
          this.end(new StreamEnd('SLOW_CONSUMER', `More than ${this.#most} events were waiting for you.`));
          return;
        }
      }
      this.#finish(undefined);
    } catch (error) {
      this.#finish(error ?? new Error('The source failed.'));
    }
  }

  #give(result: IteratorResult<Event>): void {
    const reader = this.#reader;
    this.#reader = undefined;
    reader?.resolve(result);
  }

  #finish(error: unknown): void {
    if (this.#finished) return;
    this.#finished = true;
    this.#error = error;
    this.#onEnd(error);
    const reader = this.#reader;
    if (!reader) return;
    this.#reader = undefined;
    if (error === undefined) reader.resolve({ done: true, value: undefined });
    else {
      this.#error = undefined;
      reader.reject(error);
    }
  }

  /** Ends the stream early: what waits is dropped. */
  end(error?: unknown): void {
    if (this.#finished) return;
    this.#waiting = [];
    this.#finish(error);
    void Promise.resolve(this.#source.return?.()).catch(() => undefined);
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
    return new Promise((resolve, reject) => {
      this.#reader = { resolve, reject };
    });
  }

  async return(): Promise<IteratorResult<Event>> {
    this.end();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
