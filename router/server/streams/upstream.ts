import type { Caller } from '@aisle/platform/identity';
import type { ExecutionResult, FormattedExecutionResult, GraphQLError } from 'graphql';
import { formatError } from '../format-error.ts';
import type { Ready } from '../operations.ts';
import { type EventBuffer, StreamEnd } from './event-buffer.ts';
import { type Opened, openSource, type UpstreamOptions } from './open-source.ts';
import { pauseBetween } from './pause.ts';
import { AFTER, CURSOR, type ResumePlan } from './resume.ts';
import { askStart } from './start-cursor.ts';

export type Subscriber = EventBuffer<FormattedExecutionResult>;

/** Milliseconds an upstream without a cursor stays with a supergraph that was replaced. */
const OUTDATED = 60_000;
/** Milliseconds of the longest pause between attempts to open it again. */
const LONGEST = 2_000;
/** The same when there is no cursor to go on from: what happens before it is open again is missed. */
const LONGEST_BLIND = 300;
/** Milliseconds after which a source without events counts as one that works. */
const STEADY = 10_000;

/**
 * One subscription at the subgraphs and all who follow it. When it breaks off, or the supergraph is replaced, and its events have cursors,
 * it is opened again after the last one that was handed out: no gap, no duplicate. Closes with its last subscriber.
 */
export class Upstream {
  readonly #options: UpstreamOptions;
  readonly #ready: Ready;
  readonly #caller: Caller;
  readonly #resume: ResumePlan | undefined;
  readonly #subscribers = new Set<Subscriber>();
  readonly #onClosed: () => void;
  #opened: Opened | undefined;
  /** True when what was opened is to be replaced or closed. */
  #interrupted = false;
  #wake: (() => void) | undefined;
  /** Runs while the supergraph of before is followed until the first event. */
  #outdated: NodeJS.Timeout | undefined;
  #cursor: string | undefined;
  /** To open it again since the last event. */
  #attempts: AsyncGenerator<number> | undefined;
  #closed = false;
  /** False once events were handed out: who joins later has missed them. */
  fresh = true;

  constructor(
    ready: Ready,
    caller: Caller,
    resume: ResumePlan | undefined,
    options: UpstreamOptions,
    onClosed: () => void,
  ) {
    this.#ready = ready;
    this.#caller = caller;
    this.#resume = resume;
    this.#options = options;
    this.#onClosed = onClosed;
  }

  /** Starts it; errors mean that it cannot be. The lease of `ready` is given back in any case. */
  async open(): Promise<readonly GraphQLError[] | undefined> {
    try {
      await this.#begin();
      const opened = await this.#openSource();
      if ('errors' in opened) {
        this.#close();
        return opened.errors;
      }
      this.#opened = opened;
      if (this.#closed) opened.close();
      else void this.#run();
      return undefined;
    } catch (error) {
      this.#close();
      throw error;
    } finally {
      this.#ready.release();
    }
  }

  /** Takes a cursor to begin with, so that not even what happens before the first event is missed. */
  async #begin(): Promise<void> {
    const { start, operations, ids, timeout } = this.#options;
    if (!this.#resume || start === undefined) return;
    const { engine, variables } = this.#ready;
    const context = operations.context(this.#caller, ids, timeout);
    this.#cursor = await askStart(engine, start, variables, context);
  }

  add(subscriber: Subscriber): void {
    this.#subscribers.add(subscriber);
  }

  remove(subscriber: Subscriber): void {
    this.#subscribers.delete(subscriber);
    if (this.#subscribers.size === 0) this.#close();
  }

  /**
   * The supergraph was replaced: go on with the new one. What cannot be resumed stays with the old one until it ends; what has had no event
   * yet, and so no cursor, stays until it has one (or for a minute), lest an event in between be missed.
   */
  replan(): void {
    if (!this.#resume) return;
    if (this.#cursor !== undefined || 'errors' in this.#prepare(this.#options.holder.current)) {
      this.#interrupt();
    } else {
      this.#outdated ??= setTimeout(() => this.#interrupt(), OUTDATED);
      this.#outdated.unref();
    }
  }

  /** On the engine of now: what was to be replaced is. */
  #openSource() {
    this.#interrupted = false;
    clearTimeout(this.#outdated);
    this.#outdated = undefined;
    const prepare = (engine: Ready['engine']) => this.#prepare(engine);
    return openSource(this.#options, this.#caller, prepare, this.#variables());
  }

  #prepare(engine: Ready['engine']) {
    const { operation } = this.#ready;
    if (this.#resume)
      return engine.prepare(
        this.#cursor === undefined ? this.#resume.initial : this.#resume.resumed,
        operation.operationName,
      );
    return engine === this.#ready.engine
      ? operation
      : engine.prepare(operation.document, operation.operationName);
  }

  #variables() {
    const { variables } = this.#ready;
    return this.#cursor === undefined ? variables : { ...variables, [AFTER]: this.#cursor };
  }

  async #run(): Promise<void> {
    for (;;) {
      const since = performance.now();
      const ended = await this.#follow(this.#opened as Opened);
      this.#opened?.close();
      if (ended === 'interrupted' || performance.now() - since > STEADY) this.#attempts = undefined;
      if (this.#closed) return;
      if (ended === undefined || ended instanceof StreamEnd || (ended !== 'interrupted' && !this.#resume))
        return this.#finish(ended);
      const again = await this.#openAgain();
      if (this.#closed) return void (again && 'close' in again && again.close());
      if (!again) return this.#finish(ended);
      if ('errors' in again) {
        this.#hand({ errors: again.errors });
        return this.#finish(undefined);
      }
      this.#opened = again;
      this.#options.onResumed();
    }
  }

  /** Hands out events until the source ends (`undefined`), fails (its error), or is to be replaced. */
  async #follow({ source }: Opened): Promise<unknown> {
    try {
      for (;;) {
        const result = await this.#next(source);
        if (result === 'interrupted') return result;
        if (result.done || this.#closed) return undefined;
        if (await this.#options.isRevoked(this.#caller))
          return new StreamEnd('UNAUTHENTICATED', 'The session has ended.');
        this.#hand(result.value);
      }
    } catch (error) {
      return error ?? new Error('The source failed.');
    }
  }

  /** The next result, or that it is not waited for any more. A promise of its own for each: a race against one of long life would keep every event. */
  #next(source: Opened['source']): Promise<IteratorResult<ExecutionResult> | 'interrupted'> {
    return new Promise((resolve, reject) => {
      this.#wake = () => resolve('interrupted');
      if (this.#interrupted) this.#wake();
      else source.next().then(resolve, reject);
    });
  }

  #interrupt(): void {
    this.#interrupted = true;
    this.#wake?.();
  }

  /** Tries until it opens, or patience ends. Pauses go on growing from break to break as long as nothing comes of it. */
  async #openAgain(): Promise<Opened | { readonly errors: readonly GraphQLError[] } | undefined> {
    const longest = this.#cursor === undefined ? LONGEST_BLIND : LONGEST;
    this.#attempts ??= pauseBetween({ patience: this.#options.patience, longest }, () => this.#closed);
    while (!(await this.#attempts.next()).done) {
      try {
        const opened = await this.#openSource();
        if (!('errors' in opened) || !isPassing(opened.errors)) return opened;
      } catch {
        // Whatever kept it from opening may be over at the next attempt; the last one gives up.
      }
    }
    return undefined;
  }

  #hand(result: ExecutionResult): void {
    this.fresh = false;
    this.#attempts = undefined;
    const { errors, ...rest } = result;
    if (this.#resume) this.#cursor = takeCursor(rest.data?.[this.#resume.key]) ?? this.#cursor;
    const format = this.#options.operations.format(this.#options.ids.requestId);
    const event: FormattedExecutionResult = errors
      ? { errors: errors.map((error) => formatError(error, format)), ...rest }
      : rest;
    for (const subscriber of this.#subscribers) subscriber.push(event);
    if (this.#outdated && this.#cursor !== undefined) this.#interrupt();
  }

  #finish(error: unknown): void {
    const all = [...this.#subscribers];
    this.#close();
    for (const subscriber of all) subscriber.finish(error);
  }

  #close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#outdated);
    this.#onClosed();
    this.#interrupt();
    this.#opened?.close();
  }
}

/** Reads the router's own cursor and takes it out of the event. */
function takeCursor(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const event = value as Record<string, unknown>;
  const cursor = event[CURSOR];
  delete event[CURSOR];
  return typeof cursor === 'string' ? cursor : undefined;
}

/** Errors of a subgraph that is not there: it may be back soon. */
function isPassing(errors: readonly GraphQLError[]): boolean {
  return errors.every(
    ({ extensions }) =>
      typeof extensions.code === 'string' && /^SUBGRAPH_|^UNAVAILABLE$/.test(extensions.code),
  );
}
