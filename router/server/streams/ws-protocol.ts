import type { IncomingMessage } from 'node:http';
import type { Caller } from '@aisle/platform/identity';
import type { TraceContext } from '@aisle/platform/telemetry';
import { type ExecutionArgs, type FormattedExecutionResult, GraphQLError } from 'graphql';
import { type Context, makeServer, type Server, type ServerOptions } from 'graphql-ws';
import type { WebSocket } from 'ws';
import { AuthError, type Authenticator } from '../../auth/index.ts';
import { type Limits, limitError } from '../../limits/index.ts';
import { tracedSocketOperations } from '../../tracing/index.ts';
import { formatError } from '../format-error.ts';
import type { RouterMetrics } from '../metrics.ts';
import type { Operations, Ready } from '../operations.ts';
import { paramsOf } from '../params.ts';
import { Refusal } from '../refusal.ts';
import { requestIdOf, traceOf } from '../request-ids.ts';
import type { Admission } from '../traffic/admission.ts';
import type { Flights } from '../traffic/flights.ts';
import { eventJson } from './event-json.ts';
import { sendOn } from './send-on.ts';
import { endedWith, type Ids, type Subscriptions } from './subscriptions.ts';
import type { Subscriber } from './upstream.ts';

export interface SocketExtra {
  readonly socket: WebSocket;
  readonly request: IncomingMessage;
  caller?: Caller;
  expiry?: NodeJS.Timeout;
}

export interface ProtocolOptions {
  readonly authenticate: Authenticator;
  readonly operations: Operations;
  readonly subscriptions: Subscriptions;
  readonly admission: Admission;
  readonly flights: Flights;
  readonly limits: Limits;
  readonly metrics: RouterMetrics;
  readonly onCaller: (extra: SocketExtra, caller: Caller) => void;
}

type Ctx = Context<Record<string, unknown> | undefined, SocketExtra>;

/** What goes with an operation from `onSubscribe` to its end. */
interface Work extends Ids {
  readonly ready: Ready;
  readonly caller: Caller;
  readonly started: number;
  /** The client's name of the operation. */
  readonly id: string;
  /** Resolves when the socket has taken the text, or is gone. */
  readonly send: (text: string) => Promise<void>;
}

const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
const workOf = (args: ExecutionArgs) => args.contextValue as Work;

/** The `graphql-transport-ws` protocol on the router's operations. Credentials come with `connection_init`, or with the upgrade request. */
export function createProtocol(options: ProtocolOptions): Server<SocketExtra> {
  const { authenticate, operations, subscriptions, admission, flights, limits, metrics, onCaller } = options;
  const traced = tracedSocketOperations();

  async function onConnect({ connectionParams = {}, extra }: Ctx): Promise<boolean> {
    const { headers } = extra.request;
    const given = (name: string) =>
      text(connectionParams[name]) ??
      text(connectionParams[name.toLowerCase()]) ??
      text(headers[name.toLowerCase()]);
    try {
      const caller = await authenticate({
        authorization: given('Authorization'),
        apiKey: given('X-Api-Key'),
        region: given('X-Aisle-Region'),
      });
      extra.caller = caller;
      onCaller(extra, caller);
      return true;
    } catch (error) {
      if (!(error instanceof AuthError)) throw error;
      metrics.refused(error.code);
      // Nobody could tell: a client may come again, which after 4403 it would not.
      if (error.status === 503) extra.socket.close(1013, 'Try again later');
      return false;
    }
  }

  async function onSubscribe(
    { extra, subscriptions: open }: Ctx,
    id: string,
    payload: Readonly<Record<string, unknown>>,
  ): Promise<ExecutionArgs | readonly GraphQLError[]> {
    // The operation at hand is counted among the open ones already.
    if (Object.keys(open).length > limits.subscriptionsPerConnection) {
      metrics.refused('LIMIT_SUBSCRIPTIONS');
      return [
        limitError(
          'LIMIT_SUBSCRIPTIONS',
          `One connection carries ${limits.subscriptionsPerConnection} operations.`,
        ),
      ];
    }
    try {
      const ready = operations.prepare(paramsOf(payload));
      if ('errors' in ready) {
        metrics.refused(String(ready.errors[0]?.extensions.code));
        return ready.errors.map((error) => shown(error, ''));
      }
      await admit(ready, extra);
      const ids = {
        requestId: requestIdOf(undefined),
        trace: traceOf(extra.request.headers),
      };
      const contextValue: Work = {
        ready,
        caller: extra.caller as Caller,
        started: performance.now(),
        id,
        send: sendOn(extra.socket),
        ...ids,
      };
      const { document, operationName } = ready.operation;
      return {
        schema: ready.engine.apiSchema,
        document,
        contextValue,
        ...(operationName !== undefined && { operationName }),
      };
    } catch (error) {
      if (error instanceof Refusal) metrics.refused(error.code);
      if (error instanceof Refusal)
        return [new GraphQLError(error.message, { extensions: { code: error.code } })];
      throw error;
    }
  }

  async function admit(ready: Ready, extra: SocketExtra): Promise<void> {
    try {
      await admission.admit(ready, extra.caller as Caller, extra.request.socket.remoteAddress);
    } catch (error) {
      ready.release();
      throw error;
    }
  }

  const shown = (error: unknown, requestId: string) => {
    const { message, extensions, path } = formatError(error, operations.format(requestId));
    return new GraphQLError(message, { ...(extensions && { extensions }), ...(path && { path }) });
  };

  async function subscribe(args: ExecutionArgs) {
    const work = workOf(args);
    const { ready, caller, requestId, id, send } = work;
    const opened = await traced(work, (trace) => subscriptions.open(ready, caller, { requestId, trace }));
    if ('errors' in opened) return { errors: opened.errors.map((error) => shown(error, requestId)) };
    return delivering(opened, id, send) as AsyncIterable<never>;
  }

  const execute = (args: ExecutionArgs) => {
    const work = workOf(args);
    return traced(work, (trace) => executed(work, trace));
  };

  async function executed({ ready, caller, requestId, started }: Work, trace: TraceContext) {
    const { engine, operation, variables, release } = ready;
    const ids = { requestId, trace };
    const context = operations.context(caller, ids, limits.timeout);
    const timer = setTimeout(() => context.controller.abort(), limits.timeout);
    metrics.open.operations++;
    try {
      const { errors, ...rest } = await engine.execute(operation, variables, context);
      operations.ended(ready, errors ? 'errors' : 'ok', (performance.now() - started) / 1000, ids);
      return errors ? { errors: errors.map((error) => shown(error, requestId)), ...rest } : rest;
    } finally {
      clearTimeout(timer);
      if (operation.kind === 'mutation') flights.mutated();
      metrics.open.operations--;
      release();
    }
  }

  const serverOptions: ServerOptions<Record<string, unknown> | undefined, SocketExtra> = {
    connectionInitWaitTimeout: limits.connectionInit,
    onConnect,
    onSubscribe: (ctx, id, payload) => onSubscribe(ctx, id, payload as unknown as Record<string, unknown>),
    subscribe,
    execute,
    // Events are formatted already, except those of `execute`, whose errors are GraphQLErrors.
    onNext: (_ctx, _id, _payload, _args, result) => result as FormattedExecutionResult,
    onError: (_ctx, _id, _payload, errors) =>
      errors.map((error) => {
        const [ended] = error.originalError
          ? (endedWith(error.originalError, operations.format('')).errors ?? [])
          : [];
        return ended ?? error.toJSON();
      }),
  };
  return makeServer(serverOptions);
}

/**
 * Hands events to the socket itself, each written once for all its subscribers, and tells the library only of the end: it then completes
 * the operation, and it calls `return()` when the client does.
 */
function delivering(
  events: Subscriber,
  id: string,
  send: Work['send'],
): AsyncIterableIterator<FormattedExecutionResult> {
  const head = `{"id":${JSON.stringify(id)},"type":"next","payload":`;
  const iterator: AsyncIterableIterator<FormattedExecutionResult> = {
    [Symbol.asyncIterator]: () => iterator,
    async next() {
      for (;;) {
        const result = await events.next();
        if (result.done) return result;
        await send(`${head}${eventJson(result.value)}}`);
      }
    },
    return: () => events.return(),
  };
  return iterator;
}
