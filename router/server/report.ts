import type { Log } from '@aisle/platform/log';
import type { RouterMetrics } from './metrics.ts';
import type { Ready } from './operations.ts';
import type { Ids } from './streams/open-source.ts';

/** Told of each operation that ended, or of a subscription that began, whichever way it came: `seconds` from its request on. */
export type Report = (
  ready: Pick<Ready, 'operation' | 'cost'>,
  outcome: 'ok' | 'errors',
  seconds: number,
  ids: Ids,
) => void;

/** Counts operations, and writes one line of the log for each; those that went well only for who asks for that much. */
export function createReport(metrics: RouterMetrics, log: Log): Report {
  return ({ operation, cost }, outcome, seconds, { requestId, trace }) => {
    const { operationName, kind, hash } = operation;
    metrics.operation(operationName, kind, outcome, seconds);
    const { traceparent } = trace;
    const fields = { operation: operationName, kind, hash, cost, outcome, requestId, traceparent, seconds };
    if (outcome === 'ok') log.debug('operation', fields);
    else log.info('operation', fields);
  };
}
