import { request as send } from 'undici';
import { isObject } from '../engine/own.ts';
import type { SubgraphRequest, SubgraphResponse } from '../engine/types.ts';
import { EventQueue } from './event-queue.ts';
import { SseParser } from './sse-parser.ts';
import { TransportError } from './transport-error.ts';
import type { SubscriptionOptions } from './web-socket.ts';

/** One subscription over graphql-sse, "distinct connections" mode: a POST whose response is the stream. */
export async function subscribeOverSse(
  options: SubscriptionOptions,
  request: SubgraphRequest,
  body: string,
  headers: Record<string, string>,
): Promise<EventQueue> {
  const { name } = options;
  const stopped = new AbortController();
  const abort = (): void => stopped.abort();
  request.context.signal.addEventListener('abort', abort, { once: true });
  const broke = (cause: unknown): TransportError =>
    new TransportError('SUBGRAPH_UNREACHABLE', name, `The subscription at subgraph "${name}" broke off`, {
      cause,
    });
  const response = await send(options.subscriptionUrl ?? options.url, {
    method: 'POST',
    headers: { ...headers, accept: 'text/event-stream' },
    body,
    signal: stopped.signal,
    headersTimeout: 10_000,
    bodyTimeout: 60_000,
  }).catch((error: unknown) => {
    throw broke(error);
  });
  const type = String(response.headers['content-type'] ?? '');
  if (response.statusCode !== 200 || !type.includes('text/event-stream')) {
    stopped.abort();
    response.body.on('error', () => {});
    throw new TransportError(
      'SUBGRAPH_HTTP_STATUS',
      name,
      `Subgraph "${name}" did not open an event stream (HTTP status ${response.statusCode})`,
      { status: response.statusCode },
    );
  }
  const queue = new EventQueue(name, options.maxBufferedEvents, abort);
  void pump(response.body, queue, options.maxResponseBytes, broke).finally(() =>
    request.context.signal.removeEventListener('abort', abort),
  );
  return queue;
}

async function pump(
  stream: AsyncIterable<Buffer>,
  queue: EventQueue,
  maxBytes: number,
  broke: (cause: unknown) => TransportError,
): Promise<void> {
  const parser = new SseParser(maxBytes);
  try {
    for await (const chunk of stream) {
      for (const { event, data } of parser.push(chunk)) {
        if (event === 'complete') return queue.end();
        if (event === 'next') queue.push(responseOf(data));
      }
    }
    queue.end(broke(undefined));
  } catch (error) {
    queue.end(broke(error));
  }
}

/** @throws when it is none */
function responseOf(data: string): SubgraphResponse {
  const value = JSON.parse(data) as unknown;
  if (!isObject(value)) throw new TypeError('An event is no GraphQL response');
  return value;
}
