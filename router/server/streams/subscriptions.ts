import type { Caller } from '@aisle/platform/identity';
import type { ExecutionResult, FormattedExecutionResult, GraphQLError } from 'graphql';
import type { Limits } from '../../limits/index.ts';
import { type ErrorFormat, formatError } from '../format-error.ts';
import type { RouterMetrics } from '../metrics.ts';
import type { Operations, Ready } from '../operations.ts';
import { EventBuffer, StreamEnd } from './event-buffer.ts';

export interface Ids {
  readonly requestId: string;
  readonly traceparent: string;
}

export interface Subscriptions {
  /** Starts a prepared subscription for a caller; the lease of `ready` is given back at its end. */
  open(
    ready: Ready,
    caller: Caller,
    ids: Ids,
  ): Promise<EventBuffer<FormattedExecutionResult> | { readonly errors: readonly GraphQLError[] }>;
  /** Ends every live subscription. */
  endAll(error: StreamEnd): void;
}

export interface SubscriptionsOptions {
  readonly operations: Operations;
  readonly limits: Limits;
  readonly metrics: RouterMetrics;
  readonly now: () => number;
}

/** Longest `setTimeout`, milliseconds. */
const LONGEST_TIMER = 2 ** 31 - 1;

export function createSubscriptions({
  operations,
  limits,
  metrics,
  now,
}: SubscriptionsOptions): Subscriptions {
  const live = new Set<EventBuffer<FormattedExecutionResult>>();

  return {
    async open(ready, caller, ids) {
      const context = operations.context(caller, ids, limits.timeout);
      const { engine, operation, variables } = ready;
      const source = await engine.subscribe(operation, variables, context).catch((error: unknown) => {
        ready.release();
        throw error;
      });
      if (!('next' in source)) {
        ready.release();
        return { errors: source.errors ?? [] };
      }
      let expiry: NodeJS.Timeout | undefined;
      const buffer = new EventBuffer(
        formatted(source, operations, ids.requestId),
        limits.bufferedEvents,
        (error) => {
          live.delete(buffer);
          if (error !== undefined) metrics.streamEnded(error instanceof StreamEnd ? error.code : 'FAILED');
          clearTimeout(expiry);
          metrics.open.subscriptions--;
          context.controller.abort();
          ready.release();
        },
      );
      metrics.open.subscriptions++;
      live.add(buffer);
      if (caller.expiresAt !== undefined) {
        const left = Math.max(0, caller.expiresAt * 1000 - now());
        expiry = setTimeout(
          () => buffer.end(new StreamEnd('UNAUTHENTICATED', 'The access token has expired.')),
          Math.min(left, LONGEST_TIMER),
        );
        expiry.unref();
      }
      return buffer;
    },
    endAll(error) {
      for (const buffer of live) buffer.end(error);
    },
  };
}

/** The events as clients see them. */
function formatted(
  source: AsyncIterator<ExecutionResult>,
  operations: Operations,
  requestId: string,
): AsyncIterator<FormattedExecutionResult> {
  const format = operations.format(requestId);
  return {
    async next() {
      const result = await source.next();
      if (result.done) return { done: true, value: undefined };
      const { errors, ...rest } = result.value;
      return {
        done: false,
        value: errors ? { errors: errors.map((error) => formatError(error, format)), ...rest } : rest,
      };
    },
    async return() {
      await source.return?.();
      return { done: true, value: undefined };
    },
  };
}

/** What a subscriber is told when its stream did not simply complete. */
export function endedWith(error: unknown, format: ErrorFormat): FormattedExecutionResult {
  if (!(error instanceof StreamEnd)) return { errors: [formatError(error, format)] };
  return { errors: [{ message: error.message, extensions: { code: error.code } }] };
}
