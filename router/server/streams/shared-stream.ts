import type { Caller } from '@aisle/platform/identity';
import type { FormattedExecutionResult } from 'graphql';
import type { Exchange } from '../exchange.ts';
import { formatJson } from '../format-error.ts';
import { errorsJson, type Ready } from '../operations.ts';
import type { Params } from '../params.ts';
import { Refusal } from '../refusal.ts';
import type { EventBuffer } from './event-buffer.ts';
import { eventJson } from './event-json.ts';
import type { EventStreamsOptions } from './event-streams.ts';
import { completeOf, nextOf } from './sse.ts';
import { endedWith } from './subscriptions.ts';
import type { TextStream } from './text-stream.ts';

/** One reserved stream and the operations that answer on it. Only who reserved it may use it. */
export class SharedStream {
  readonly #owner: string;
  readonly #options: EventStreamsOptions;
  readonly #reservation: NodeJS.Timeout;
  readonly #running = new Map<string, { end(): void }>();
  readonly #early: string[] = [];
  readonly #connected = Promise.withResolvers<void>();
  #text: TextStream | undefined;

  constructor(owner: Caller, options: EventStreamsOptions, reservation: NodeJS.Timeout) {
    this.#owner = owner.subject;
    this.#options = options;
    this.#reservation = reservation;
  }

  get connected(): boolean {
    return this.#text !== undefined;
  }

  connect(text: TextStream): void {
    clearTimeout(this.#reservation);
    this.#text = text;
    for (const event of this.#early.splice(0)) void text.write(event);
    this.#connected.resolve();
  }

  /** Starts an operation; validation and limits answer the request itself, everything later comes on the stream. */
  async start(exchange: Exchange, params: Params, caller: Caller): Promise<void> {
    const { operations, admission, limits } = this.#options;
    if (caller.subject !== this.#owner)
      throw new Refusal(403, 'FORBIDDEN', 'The stream of this token belongs to someone else.');
    const id = params.extensions?.operationId;
    if (typeof id !== 'string' || id === '' || id.length > 128)
      throw new Refusal(400, 'BAD_REQUEST', '"extensions.operationId" is missing.');
    if (this.#running.has(id)) throw new Refusal(409, 'BAD_REQUEST', `The operation id "${id}" is in use.`);
    if (this.#running.size >= limits.subscriptionsPerConnection) {
      throw new Refusal(
        400,
        'LIMIT_SUBSCRIPTIONS',
        `One stream carries ${limits.subscriptionsPerConnection} operations.`,
      );
    }
    if (this.#early.length >= limits.bufferedEvents)
      throw new Refusal(400, 'LIMIT_SUBSCRIPTIONS', 'Too much waits for the stream: open it first.');
    const ready = operations.prepare(params);
    if ('errors' in ready) {
      exchange.json(400, 'application/json', errorsJson(ready.errors, operations.format(exchange.requestId)));
      return;
    }
    if (ready.operation.kind === 'mutation' && exchange.request.method === 'GET') {
      ready.release();
      throw new Refusal(405, 'METHOD_NOT_ALLOWED', 'A mutation needs POST.', { allow: 'POST' });
    }
    this.#running.set(id, { end: () => undefined });
    try {
      await admission.admit(ready, caller, exchange.request.socket.remoteAddress);
    } catch (error) {
      this.#running.delete(id);
      ready.release();
      throw error;
    }
    if (ready.operation.kind === 'subscription') await this.#subscribe(exchange, id, ready, caller);
    else this.#execute(exchange, id, ready, caller);
  }

  async #subscribe(exchange: Exchange, id: string, ready: Ready, caller: Caller): Promise<void> {
    const { operations, subscriptions } = this.#options;
    let opened: Awaited<ReturnType<typeof subscriptions.open>>;
    try {
      opened = await subscriptions.open(ready, caller, exchange);
    } catch (error) {
      this.#running.delete(id);
      throw error;
    }
    exchange.send(202, 'text/plain; charset=utf-8', '');
    if ('errors' in opened) {
      void this.#write(nextOf(id, errorsJson(opened.errors, operations.format(exchange.requestId))));
      return this.#complete(id);
    }
    if (!this.#running.has(id)) return opened.end();
    this.#running.set(id, opened);
    void this.#deliver(id, opened, exchange.requestId);
  }

  async #deliver(
    id: string,
    events: EventBuffer<FormattedExecutionResult>,
    requestId: string,
  ): Promise<void> {
    try {
      for await (const event of events) await this.#write(nextOf(id, eventJson(event)));
    } catch (error) {
      const { operations } = this.#options;
      void this.#write(nextOf(id, JSON.stringify(endedWith(error, operations.format(requestId)))));
    }
    this.#complete(id);
  }

  #execute(exchange: Exchange, id: string, ready: Ready, caller: Caller): void {
    const { engine, operation, variables, release } = ready;
    const { operations, limits } = this.#options;
    const context = operations.context(caller, exchange, limits.timeout);
    const timer = setTimeout(() => context.controller.abort(), limits.timeout);
    this.#running.set(id, {
      end: () => (operation.kind === 'query' ? context.controller.abort() : undefined),
    });
    const format = operations.format(exchange.requestId);
    exchange.send(202, 'text/plain; charset=utf-8', '');
    void engine
      .executeToJson(operation, variables, context)
      .then(
        (json) => (json.startsWith('{"errors"') ? formatJson(json, format).json : json),
        (error: unknown) => errorsJson([error], format),
      )
      .then((json) => {
        clearTimeout(timer);
        operations.ended(ready, json.startsWith('{"errors"') ? 'errors' : 'ok', exchange.seconds, exchange);
        if (operation.kind === 'mutation') this.#options.flights.mutated();
        release();
        void this.#write(nextOf(id, json));
        this.#complete(id);
      });
  }

  /** What comes before the stream does waits for it, and so does who brings it: the rest stays in the subscription's own, bounded buffer. */
  #write(event: string): Promise<void> | undefined {
    if (this.#text) return this.#text.write(event);
    this.#early.push(event);
    return this.#connected.promise;
  }

  #complete(id: string): void {
    if (this.#running.delete(id)) void this.#write(completeOf(id));
  }

  stop(id: string): void {
    this.#running.get(id)?.end();
  }

  close(): void {
    clearTimeout(this.#reservation);
    for (const operation of [...this.#running.values()]) operation.end();
    this.#running.clear();
    this.#connected.resolve();
    this.#text?.end();
  }
}
