import { answering, type TraceContext, tracerOf } from '@aisle/platform/telemetry';
import type { Exchange } from '../server/exchange.ts';
import type { Ready } from '../server/operations.ts';

/** Answers requests to the graph, each in a server span of the client's trace; just answers them when nothing is traced. */
export function tracedRequests<T>(route: string): (exchange: Exchange, answer: () => T) => T {
  const tracer = tracerOf('router');
  if (!tracer) return (_exchange, answer) => answer();
  return (exchange, answer) =>
    answering(tracer, route, exchange.request, exchange.response, (span) => {
      span.set({ 'aisle.request_id': exchange.requestId });
      exchange.trace = span.trace;
      return answer();
    });
}

/** One operation on a WebSocket. */
interface SocketOperation {
  readonly ready: Ready;
  readonly requestId: string;
  readonly trace: TraceContext;
}

/** Runs operations of WebSockets, each in a span below the one of the upgrade request; a subscription's ends once it is open. */
export function tracedSocketOperations(): <T>(
  operation: SocketOperation,
  run: (trace: TraceContext) => Promise<T>,
) => Promise<T> {
  const tracer = tracerOf('router');
  if (!tracer) return ({ trace }, run) => run(trace);
  return ({ ready, requestId, trace }, run) => {
    const { kind, operationName, hash } = ready.operation;
    const attributes = {
      'graphql.operation.type': kind,
      'graphql.operation.name': operationName ?? '',
      'aisle.operation.hash': hash,
      'aisle.operation.cost': ready.cost,
      'aisle.request_id': requestId,
    };
    const name = operationName === undefined ? kind : `${kind} ${operationName}`;
    return tracer.run(name, { kind: 'server', parent: trace, attributes }, (span) => run(span.trace));
  };
}
