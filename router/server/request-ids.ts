import { randomFillSync } from 'node:crypto';

const CLIENT_ID = /^[\w.:-]{8,64}$/;
const TRACEPARENT = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

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

/** The W3C trace context of this hop: the client's trace when it has a valid one, otherwise a new trace. */
export function traceparentOf(header: string | string[] | undefined): string {
  if (typeof header === 'string' && TRACEPARENT.test(header))
    return `${header.slice(0, 36)}${hex(8)}${header.slice(52)}`;
  return `00-${hex(16)}-${hex(8)}-01`;
}
