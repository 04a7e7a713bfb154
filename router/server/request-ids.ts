import { randomFillSync } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { isTracing, type TraceContext, traceContextOf } from '@aisle/platform/telemetry';

const CLIENT_ID = /^[\w.:-]{8,64}$/;

const pool = Buffer.alloc(4096);
let used = pool.length;

/** Random hexadecimal digits; randomness is fetched for many requests at a time. */
function hex(bytes: number): string {
  if (used + bytes > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += bytes;
  return pool.toString('hex', used - bytes, used);
}

/** The client's `x-request-id` when it is a plain word, otherwise a new one of 32 hexadecimal digits. */
export function requestIdOf(header: string | string[] | undefined): string {
  return typeof header === 'string' && CLIENT_ID.test(header) ? header : hex(16);
}

/**
 * The trace a request belongs to: the client's when it tells of a valid one, otherwise a new one; where spans are recorded,
 * the first of them begins it. Passed on as it is where they are not, so that nobody looks for a span that was never sent.
 */
export function traceOf(headers: IncomingHttpHeaders): TraceContext {
  if (headers.traceparent !== undefined || isTracing()) {
    const trace = traceContextOf(headers);
    if (trace.traceparent !== undefined || isTracing()) return trace;
  }
  return { traceparent: `00-${hex(16)}-${hex(8)}-01` };
}
