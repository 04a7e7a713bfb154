import { activeSpan, tracerOf } from '@aisle/platform/telemetry';
import type { PreparedOperation } from '../engine/index.ts';
import type { Answer } from '../server/answer.ts';
import type { Operations } from '../server/operations.ts';

/** The operations with a span for parsing, validating and planning each, and with what is known of it on the request's span. */
export function tracedOperations(operations: Operations): Operations {
  const tracer = tracerOf('router');
  if (!tracer) return operations;
  const planned = new WeakSet<PreparedOperation>();
  return {
    ...operations,
    prepare(params) {
      const request = activeSpan();
      if (!request) return operations.prepare(params);
      const span = tracer.start('graphql.plan');
      const ready = operations.prepare(params);
      if ('errors' in ready) {
        const code = String(ready.errors[0]?.extensions.code);
        span.failed(code);
        request.failed(code);
      } else {
        const { operation, cost, priority } = ready;
        const { kind, operationName, hash } = operation;
        span.set({ 'aisle.plan.cached': planned.has(operation) });
        planned.add(operation);
        request.set({
          'graphql.operation.type': kind,
          ...(operationName !== undefined && { 'graphql.operation.name': operationName }),
          'aisle.operation.hash': hash,
          'aisle.operation.cost': cost,
          'aisle.operation.priority': priority,
        });
      }
      span.end();
      return ready;
    },
  };
}

const CODE = /"code":"(\w+)"/;

/** Tells the request's span of errors in its answer: the code of the first. */
export function markAnswer({ outcome, json }: Answer): void {
  if (outcome === 'errors') activeSpan()?.failed(CODE.exec(json)?.[1] ?? 'GRAPHQL_ERROR');
}
