import type { Caller } from '@aisle/platform/identity';
import type { FormattedExecutionResult } from 'graphql';
import type { Limits } from '../../limits/index.ts';
import type { Exchange } from '../exchange.ts';
import type { RouterMetrics } from '../metrics.ts';
import type { Accepts } from '../negotiate.ts';
import { errorsJson, type Operations, type Ready } from '../operations.ts';
import { Refusal } from '../refusal.ts';
import { type EventBuffer, StreamEnd } from './event-buffer.ts';
import { eventJson } from './event-json.ts';
import { openMultipart } from './multipart.ts';
import { COMPLETE_EVENT, nextEvent, openEventStream } from './sse.ts';
import { endedWith, type Subscriptions } from './subscriptions.ts';
import type { Pace } from './text-stream.ts';

export interface HttpSubscriptionOptions {
  readonly operations: Operations;
  readonly subscriptions: Subscriptions;
  readonly limits: Limits;
  readonly metrics: RouterMetrics;
}

/** One subscription as the answer to one request: an event stream (distinct connections mode) or multipart parts. */
export async function subscribeOverHttp(
  exchange: Exchange,
  ready: Ready,
  accepts: Accepts,
  caller: Caller,
  options: HttpSubscriptionOptions,
): Promise<void> {
  const { operations, subscriptions, limits, metrics } = options;
  const refuse = (refusal: Refusal) => {
    ready.release();
    throw refusal;
  };
  if (!accepts.eventStream && !accepts.multipartSubscription) {
    refuse(
      new Refusal(
        406,
        'NOT_ACCEPTABLE',
        'A subscription needs a WebSocket, text/event-stream or multipart/mixed;subscriptionSpec=1.0.',
      ),
    );
  }
  if (metrics.open.streams >= limits.streams)
    refuse(new Refusal(503, 'OVERLOADED', 'Too many streams are open.', { 'retry-after': '5' }));
  const opened = await subscriptions.open(ready, caller, exchange);
  const sink = accepts.eventStream ? eventSink(exchange, options) : multipartSink(exchange, options);
  if ('errors' in opened) {
    void sink.next(errorsJson(opened.errors, operations.format(exchange.requestId)));
    return sink.end();
  }
  metrics.open.streams++;
  sink.onClose(() => {
    metrics.open.streams--;
    opened.end();
  });
  void deliver(opened, sink, (error) => endedWith(error, operations.format(exchange.requestId)));
}

interface Sink {
  next(json: string): Promise<void> | undefined;
  failed(json: string): Promise<void> | undefined;
  end(): void;
  onClose(listener: () => void): void;
}

async function deliver(
  events: EventBuffer<FormattedExecutionResult>,
  sink: Sink,
  explain: (error: unknown) => FormattedExecutionResult,
) {
  try {
    for await (const event of events) await sink.next(eventJson(event));
  } catch (error) {
    const going = error instanceof StreamEnd && error.code === 'SHUTTING_DOWN';
    const explained = explain(error);
    if (!going) void sink.failed(JSON.stringify(explained));
  }
  sink.end();
}

function eventSink(exchange: Exchange, pace: Pace): Sink {
  const stream = openEventStream(exchange, pace);
  const next = (json: string) => stream.write(nextEvent(json));
  return { next, failed: next, end: () => stream.end(COMPLETE_EVENT), onClose: stream.onClose };
}

/** Errors that end the stream stand beside the payload, as Apollo's protocol has it. */
function multipartSink(exchange: Exchange, pace: Pace): Sink {
  const format = { boundary: 'graphql', parameters: 'subscriptionSpec=1.0', beats: true };
  const stream = openMultipart(exchange, format, pace);
  return {
    next: (json) => stream.part(`{"payload":${json}}`),
    failed: (json) => stream.part(`{"payload":null,${json.slice(1)}`),
    end: stream.end,
    onClose: stream.onClose,
  };
}
