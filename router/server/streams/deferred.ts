import type { Caller } from '@aisle/platform/identity';
import { GraphQLError } from 'graphql';
import type { IncrementalPayload } from '../../engine/index.ts';
import type { Limits } from '../../limits/index.ts';
import type { Exchange } from '../exchange.ts';
import { formatError } from '../format-error.ts';
import type { RouterMetrics } from '../metrics.ts';
import type { Operations, Ready } from '../operations.ts';
import type { Flights } from '../traffic/flights.ts';
import { currentFormat, legacyFormat } from './incremental-formats.ts';
import { openMultipart } from './multipart.ts';
import { Outstanding, untilLate } from './outstanding.ts';

export interface DeferredOptions {
  readonly operations: Operations;
  readonly flights: Pick<Flights, 'mutated'>;
  readonly limits: Limits;
  readonly metrics: RouterMetrics;
  /** Milliseconds for the whole operation, deferred parts included. */
  readonly timeout: number;
}

/** Milliseconds the engine has to give up on what was cancelled before the router answers without it. */
const GRACE = 250;

/** Answers an operation with `@defer` part by part, in the incremental format the client asked for. */
export async function runDeferred(
  exchange: Exchange,
  ready: Ready,
  format: 'legacy' | 'current',
  caller: Caller,
  options: DeferredOptions,
): Promise<void> {
  const { operations, flights, metrics, timeout } = options;
  const { engine, operation, variables } = ready;
  const context = operations.context(caller, exchange, timeout);
  const late = Promise.withResolvers<never>();
  late.promise.catch(() => undefined);
  const giveUp = (why: string) => {
    context.controller.abort(new Error(why));
    const error = new GraphQLError(why, { extensions: { code: 'DEADLINE_EXCEEDED' } });
    setTimeout(late.reject, GRACE, error).unref();
  };
  const timer = setTimeout(giveUp, timeout, 'The operation ran out of time.');
  const parameters = format === 'current' ? 'incrementalSpec=v0.2' : 'deferSpec=20220824';
  const write = format === 'current' ? currentFormat : legacyFormat;
  const errorFormat = operations.format(exchange.requestId);
  const tidy = <Part extends { readonly errors?: IncrementalPayload['errors'] }>({
    errors,
    ...rest
  }: Part) => (errors ? { ...rest, errors: errors.map((error) => formatError(error, errorFormat)) } : rest);
  const parts = openMultipart(exchange, { boundary: '-', parameters, beats: false }, options);
  const outstanding = new Outstanding();
  const isMutation = operation.kind === 'mutation';
  parts.onClose(() => {
    // A mutation that was begun is carried through; what it left for later is not.
    if (!isMutation || outstanding.hasBegun) giveUp('The client left.');
  });
  let outcome: 'ok' | 'errors' = 'ok';
  const send = (payload: IncrementalPayload) => {
    outstanding.note(payload);
    if (isMutation) flights.mutated();
    if (payload.errors || payload.incremental?.some((part) => part.errors)) outcome = 'errors';
    const incremental = payload.incremental?.map(tidy);
    const tidied = { ...tidy(payload), ...(incremental && { incremental }) } as IncrementalPayload;
    return parts.part(JSON.stringify(write(tidied)));
  };
  metrics.open.operations++;
  try {
    const payloads = engine.executeIncremental(operation, variables, context);
    for await (const payload of untilLate(payloads, late.promise)) {
      await send(payload);
      if (parts.closed) break;
    }
  } catch (error) {
    void send(outstanding.failed([error as GraphQLError]));
  } finally {
    clearTimeout(timer);
    metrics.open.operations--;
    ready.release();
    parts.end();
    operations.ended(ready, outcome, exchange.seconds, exchange);
  }
}
