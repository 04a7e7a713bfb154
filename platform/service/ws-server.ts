import type { IncomingMessage, Server } from 'node:http';
import { type FormattedExecutionResult, GraphQLError } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { ENVELOPE_HEADER, EnvelopeError, openEnvelope } from '../identity/index.ts';
import { traceContextOf } from '../telemetry/index.ts';
import { contextOf, type HttpServerOptions } from './http-server.ts';
import type { RequestContext } from './operation.ts';

/** Connections a subgraph takes: the router shares upstreams, so this many are a fault. */
const MAX_CONNECTIONS = 10_000;

/**
 * Subscriptions over graphql-ws at `/graphql`. The envelope is the `x-aisle-envelope` connection parameter and
 * vouches for exactly one `subscribe` payload, so one connection carries one subscription.
 */
export function acceptSubscriptions(server: Server, options: HttpServerOptions): { close(): Promise<void> } {
  const sockets = new WebSocketServer({ server, path: '/graphql', maxPayload: 1024 * 1024 });
  const disposable = useServer<
    Record<string, unknown>,
    { socket: { close(code: number, reason: string): void }; request: IncomingMessage }
  >(
    {
      connectionInitWaitTimeout: 5_000,
      onConnect: () => sockets.clients.size <= MAX_CONNECTIONS,
      onSubscribe(connection, _id, payload) {
        const sealed = connection.connectionParams?.[ENVELOPE_HEADER];
        let context: RequestContext;
        const gone = new AbortController();
        try {
          const envelope = openEnvelope(typeof sealed === 'string' ? sealed : undefined, {
            key: options.envelopeKey,
            audience: options.name,
            body: JSON.stringify(payload),
            now: options.clock.now(),
          });
          context = contextOf(envelope, gone.signal, traceContextOf(connection.extra.request.headers));
        } catch (error) {
          if (!(error instanceof EnvelopeError)) throw error;
          return [new GraphQLError(error.message, { extensions: { code: 'UNAUTHENTICATED' } })];
        }
        const document = options.host.prepare(payload.query);
        if (!('kind' in document)) return [...document];
        return {
          schema: options.host.schema,
          document,
          variableValues: payload.variables ?? {},
          ...(payload.operationName && { operationName: payload.operationName }),
          contextValue: context,
        };
      },
      subscribe: (args) =>
        options.host.subscribe({
          kind: 'subscription',
          query: '',
          document: args.document,
          variables: (args.variableValues ?? {}) as Record<string, unknown>,
          context: args.contextValue as RequestContext,
        }) as never,
      // The host has made errors fit to be sent already; they are no GraphQLErrors any more.
      onNext: (_connection, _id, _payload, _args, result) => result as FormattedExecutionResult,
    },
    sockets,
    15_000,
  );
  return {
    async close() {
      await disposable.dispose();
      for (const socket of sockets.clients) socket.terminate();
    },
  };
}
