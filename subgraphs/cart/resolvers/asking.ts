import type { Region } from '@aisle/platform/identity';
import type { Scope } from '@aisle/platform/service';
import type { Asking } from '../calls/shop.ts';

/** What the commands of an operation take over from it. */
export const asking = (
  {
    deadline,
    signal,
    requestId,
    traceparent,
  }: Pick<Scope, 'deadline' | 'signal' | 'requestId' | 'traceparent'>,
  region: Region,
): Asking => ({
  region,
  deadline,
  signal,
  requestId,
  ...(traceparent && { traceparent }),
});
