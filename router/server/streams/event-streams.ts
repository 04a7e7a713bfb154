import { randomBytes } from 'node:crypto';
import type { Caller } from '@aisle/platform/identity';
import type { Limits } from '../../limits/index.ts';
import type { Exchange } from '../exchange.ts';
import type { RouterMetrics } from '../metrics.ts';
import type { Operations } from '../operations.ts';
import type { Params } from '../params.ts';
import { Refusal } from '../refusal.ts';
import type { Admission } from '../traffic/admission.ts';
import type { Flights } from '../traffic/flights.ts';
import { SharedStream } from './shared-stream.ts';
import { openEventStream } from './sse.ts';
import type { Subscriptions } from './subscriptions.ts';

/** The single connection mode of GraphQL over SSE: many operations, started by their own requests, answered on one stream. */
export interface EventStreams {
  /** PUT: a token for a stream to come. @throws Refusal 429, 503 */
  reserve(exchange: Exchange, caller: Caller): Promise<void>;
  /** GET with the token: the stream. */
  connect(exchange: Exchange, token: string): void;
  /** POST (or GET) with the token: an operation whose results go to the stream; answers 202. */
  start(exchange: Exchange, token: string, params: Params, caller: Caller): Promise<void>;
  /** DELETE with the token: ends an operation. */
  stop(exchange: Exchange, token: string | undefined, operationId: string | undefined): void;
  endAll(): void;
}

export interface EventStreamsOptions {
  readonly operations: Operations;
  readonly subscriptions: Subscriptions;
  readonly admission: Admission;
  readonly flights: Flights;
  readonly limits: Limits;
  readonly metrics: RouterMetrics;
}

/** What a reservation costs of a client's rate: all of them together share the places for streams. */
const RESERVING = 100;
/** Milliseconds a reservation waits for its stream. */
const RESERVED = 30_000;

export function createEventStreams(options: EventStreamsOptions): EventStreams {
  const { admission, limits, metrics } = options;
  const streams = new Map<string, SharedStream>();

  const find = (token: string | undefined): SharedStream => {
    const stream = token === undefined ? undefined : streams.get(token);
    if (!stream) throw new Refusal(404, 'NOT_FOUND', 'There is no stream of this token.');
    return stream;
  };

  return {
    async reserve(exchange, caller) {
      await admission.admit({ cost: RESERVING, priority: 'normal' }, caller, exchange.clientAddress);
      if (streams.size >= limits.streams)
        throw new Refusal(503, 'OVERLOADED', 'Too many streams are open.', { 'retry-after': '5' });
      const token = randomBytes(32).toString('base64url');
      const timer = setTimeout(() => streams.delete(token), RESERVED);
      timer.unref();
      streams.set(token, new SharedStream(caller, options, timer));
      exchange.send(201, 'text/plain; charset=utf-8', token);
    },
    connect(exchange, token) {
      const stream = find(token);
      if (stream.connected)
        throw new Refusal(409, 'BAD_REQUEST', 'The stream of this token is open already.');
      const text = openEventStream(exchange, options);
      metrics.open.streams++;
      text.onClose(() => {
        metrics.open.streams--;
        streams.delete(token);
        stream.close();
      });
      stream.connect(text);
    },
    async start(exchange, token, params, caller) {
      await find(token).start(exchange, params, caller);
    },
    stop(exchange, token, operationId) {
      if (operationId === undefined)
        throw new Refusal(400, 'BAD_REQUEST', 'The parameter "operationId" is missing.');
      find(token).stop(operationId);
      exchange.send(200, 'text/plain; charset=utf-8', '');
    },
    endAll() {
      for (const stream of streams.values()) stream.close();
      streams.clear();
    },
  };
}
