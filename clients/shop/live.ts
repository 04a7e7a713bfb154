import { type Client, createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { document } from './api.ts';
import { ShopError } from './shop-error.ts';

export interface Live {
  /** Calls back for each event until closed; a failure goes to `onError`. */
  subscribe<Event>(
    operation: string,
    variables: Record<string, unknown>,
    onEvent: (event: Event) => void,
  ): void;
  /** Resolves when the server has gone through everything that was sent before. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/** Longest wait for the socket and for an answer on it, milliseconds. */
const PATIENCE_MS = 10_000;

/** One WebSocket (graphql-transport-ws) of a signed-in shopper. */
export function openLive(url: string, token: string, onError: (error: Error) => void): Live {
  const client: Client = createClient({
    url: url.replace(/^http/, 'ws'),
    webSocketImpl: WebSocket,
    connectionParams: { Authorization: `Bearer ${token}` },
    retryAttempts: 3,
    connectionAckWaitTimeout: PATIENCE_MS,
    lazy: false,
    onNonLazyError: (error) => onError(toError(error)),
  });

  return {
    subscribe<Event>(operation: string, variables: Record<string, unknown>, onEvent: (event: Event) => void) {
      client.subscribe<Record<string, Event>>(
        { query: document(operation), variables },
        {
          next: ({ data, errors }) => {
            if (errors?.length) return onError(new ShopError(`${operation}: ${errors[0]!.message}`));
            for (const event of Object.values(data ?? {})) onEvent(event);
          },
          error: (error) => onError(toError(error)),
          complete: () => {},
        },
      );
    },
    settled: () =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new ShopError('The WebSocket does not answer.')), PATIENCE_MS);
        const done = (settle: () => void) => {
          clearTimeout(timer);
          settle();
        };
        client.subscribe(
          { query: document('cart') },
          {
            next: () => {},
            error: (error) => done(() => reject(toError(error))),
            complete: () => done(resolve),
          },
        );
      }),
    close: async () => client.dispose(),
  };
}

function toError(error: unknown): Error {
  if (error instanceof Error) return error;
  if (Array.isArray(error)) return new ShopError(error.map(({ message }) => message).join('; '));
  const { code, reason } = (error ?? {}) as { code?: number; reason?: string };
  return new ShopError(`The WebSocket was closed${code ? ` (${code} ${reason ?? ''})` : ''}.`);
}
