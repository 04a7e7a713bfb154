import type { Caller } from '@aisle/platform/identity';
import type { IncrementalPayload } from '../../engine/index.ts';
import type { Limits } from '../../limits/index.ts';
import type { Exchange } from '../exchange.ts';
import { formatError } from '../format-error.ts';
import type { RouterMetrics } from '../metrics.ts';
import type { Operations, Ready } from '../operations.ts';
import { currentFormat, legacyFormat } from './incremental-formats.ts';
import { openMultipart } from './multipart.ts';

export interface DeferredOptions {
  readonly operations: Operations;
  readonly limits: Limits;
  readonly metrics: RouterMetrics;
  /** Milliseconds for the whole operation, deferred parts included. */
  readonly timeout: number;
}

/** Answers an operation with `@defer` part by part, in the incremental format the client asked for. */
export async function runDeferred(
  exchange: Exchange,
  ready: Ready,
  format: 'legacy' | 'current',
  caller: Caller,
  options: DeferredOptions,
): Promise<void> {
  const { operations, metrics, timeout } = options;
  const { engine, operation, variables } = ready;
  const context = operations.context(caller, exchange, timeout);
  const timer = setTimeout(
    () => context.controller.abort(new Error('The operation ran out of time.')),
    timeout,
  );
  const parameters = format === 'current' ? 'incrementalSpec=v0.2' : 'deferSpec=20220824';
  const write = format === 'current' ? currentFormat : legacyFormat;
  const errorFormat = operations.format(exchange.requestId);
  const tidy = <Part extends { readonly errors?: IncrementalPayload['errors'] }>({
    errors,
    ...rest
  }: Part) => (errors ? { ...rest, errors: errors.map((error) => formatError(error, errorFormat)) } : rest);
  const parts = openMultipart(exchange, { boundary: '-', parameters, beats: false }, options);
  parts.onClose(() => context.controller.abort(new Error('The client left.')));
  metrics.open.operations++;
  let outcome: 'ok' | 'errors' = 'ok';
  try {
    for await (const payload of engine.executeIncremental(operation, variables, context)) {
      if (payload.errors || payload.incremental?.some((part) => part.errors)) outcome = 'errors';
      const incremental = payload.incremental?.map(tidy);
      await parts.part(
        JSON.stringify(
          write({ ...tidy(payload), ...(incremental && { incremental }) } as IncrementalPayload),
        ),
      );
      if (parts.closed) break;
    }
  } catch (error) {
    outcome = 'errors';
    void parts.part(JSON.stringify({ errors: [formatError(error, errorFormat)], hasNext: false }));
  } finally {
    clearTimeout(timer);
    metrics.open.operations--;
    ready.release();
    parts.end();
    metrics.operation(operation.operationName, operation.kind, outcome, exchange.seconds);
  }
}
