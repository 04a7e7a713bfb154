import type { Caller } from '@aisle/platform/identity';
import { ResponsePolicy } from '../cache/index.ts';
import type { Exchange } from './exchange.ts';
import type { RouterMetrics } from './metrics.ts';
import type { Operations, Ready } from './operations.ts';
import type { Flight, Flights } from './traffic/flights.ts';

/** Runs a query or mutation for one HTTP request; `undefined` when it did not end in time. */
export type Execute = (
  exchange: Exchange,
  ready: Ready,
  caller: Caller,
  timeout: number,
) => Promise<string | undefined>;

export interface ExecutionOptions {
  readonly operations: Operations;
  readonly metrics: RouterMetrics;
  readonly flights: Flights;
  readonly deduplicate: () => boolean;
  /** Are answers of subgraphs kept? */
  readonly caching: () => boolean;
  readonly now: () => number;
}

/** Milliseconds the engine has to give up on what was cancelled before the router answers without it. */
const GRACE = 250;

export function createExecution({
  operations,
  metrics,
  flights,
  deduplicate,
  caching,
  now,
}: ExecutionOptions): Execute {
  return async (exchange, ready, caller, timeout) => {
    const { operation, variables, release } = ready;
    const isQuery = operation.kind === 'query';
    const policy =
      isQuery && caching() ? new ResponsePolicy(exchange.request.headers['cache-control']) : undefined;
    const start = {
      policy,
      deadline: now() + timeout,
      run: (controller: AbortController) => {
        const context = operations.context(caller, exchange, timeout, controller);
        return ready.engine.executeToJson(
          operation,
          variables,
          policy ? { ...context, cache: policy } : context,
        );
      },
    };
    metrics.open.operations++;
    // Who wants nothing from the cache wants nothing of somebody who may have something from it either.
    const shares = isQuery && deduplicate() && policy?.read !== false;
    const flight = shares ? flights.join(operation, variables, caller, start) : flights.alone(start);
    exchange.policy = flight.policy;
    try {
      return await inTime(flight, timeout, isQuery ? exchange : undefined);
    } finally {
      if (!isQuery) flights.mutated();
      metrics.open.operations--;
      release();
    }
  };
}

/** A client that leaves takes its query with it; a mutation it started is carried through. */
async function inTime(
  { result, leave }: Flight,
  timeout: number,
  exchange: Exchange | undefined,
): Promise<string | undefined> {
  let grace: NodeJS.Timeout | undefined;
  let late: ((json: undefined) => void) | undefined;
  const timer = setTimeout(() => {
    leave(new Error('The operation ran out of time.'));
    grace = setTimeout(() => late?.(undefined), GRACE);
  }, timeout);
  const gone = exchange && (() => leave(new Error('The client left.')));
  if (gone) exchange.response.once('close', gone);
  try {
    return await Promise.race([
      result,
      new Promise<undefined>((resolve) => {
        late = resolve;
      }),
    ]);
  } finally {
    clearTimeout(timer);
    clearTimeout(grace);
    if (gone) exchange.response.off('close', gone);
  }
}
