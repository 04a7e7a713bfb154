import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { SubgraphRequest, SubgraphResponse } from '../engine/types.ts';
import { EventQueue } from './event-queue.ts';
import { TransportError } from './transport-error.ts';

export interface SubscriptionOptions {
  readonly name: string;
  readonly url: string;
  readonly subscriptionUrl?: string;
  readonly maxResponseBytes: number;
  readonly maxBufferedEvents: number;
}

/**
 * One subscription on a connection of its own: the envelope in its connection parameters vouches for exactly this payload.
 * Resolves once the subgraph has acknowledged the connection. Resuming after a break is the caller's: the iterator then throws a `TransportError`.
 * @throws TransportError when there is no connection
 */
export async function subscribeOverWebSocket(
  options: SubscriptionOptions,
  request: SubgraphRequest,
  body: string,
  headers: Record<string, string>,
): Promise<EventQueue> {
  const { name } = options;
  const url = (options.subscriptionUrl ?? options.url).replace(/^http/, 'ws');
  // A subclass, because graphql-ws gives no way to hand options to the socket it opens.
  class SignedWebSocket extends WebSocket {
    constructor(address: string, protocols: string[]) {
      super(address, protocols, { headers, maxPayload: options.maxResponseBytes, handshakeTimeout: 5_000 });
    }
  }
  const client = createClient({
    url,
    webSocketImpl: SignedWebSocket,
    connectionParams: headers,
    retryAttempts: 0,
    keepAlive: 10_000,
    connectionAckWaitTimeout: 5_000,
  });
  const opened = Promise.withResolvers<void>();
  client.on('connected', () => opened.resolve());
  let unsubscribe = (): void => {};
  const stop = (): void => {
    unsubscribe();
    request.context.signal.removeEventListener('abort', abort);
    // It waits for a connection that is being made, and rejects with it when that fails: the queue has told of it already.
    Promise.resolve(client.dispose()).catch(() => {});
  };
  const queue = new EventQueue(name, options.maxBufferedEvents, stop);
  const abort = (): void => {
    void queue.return();
    opened.resolve();
  };
  request.context.signal.addEventListener('abort', abort);
  const finish = (error?: unknown): void => {
    queue.end(error);
    stop();
  };
  unsubscribe = client.subscribe(JSON.parse(body), {
    next: (event) => queue.push(event as SubgraphResponse),
    complete: () => finish(),
    error: (error) => {
      if (Array.isArray(error)) {
        queue.push({ errors: error });
        finish();
      } else {
        const broke = new TransportError(
          'SUBGRAPH_UNREACHABLE',
          name,
          `The subscription at subgraph "${name}" broke off`,
          { cause: error },
        );
        finish(broke);
        opened.reject(broke);
      }
    },
  });
  if (request.context.signal.aborted) abort();
  await opened.promise;
  return queue;
}
