import type { Caller } from '@aisle/platform/identity';
import type { Meter } from '@aisle/platform/telemetry';
import { Refusal } from '../refusal.ts';
import { type Buckets, clientOf, type RateLimitSettings } from './rate-limit.ts';
import { isShed, type Load, type Priority, type SheddingSettings } from './shedding.ts';

export interface Admission {
  /**
   * Lets an operation in, or not: first whether there is room for its priority, then whether its client can pay its cost.
   * Answers at once unless the buckets are elsewhere.
   * @throws Refusal 503 `OVERLOADED` or 429 `RATE_LIMITED`, both with `retry-after`
   */
  admit(
    operation: { readonly cost: number; readonly priority: Priority },
    caller: Caller,
    address: string | undefined,
  ): void | Promise<void>;
}

export interface AdmissionOptions {
  readonly load: Load;
  /** Read at each operation. */
  readonly settings: () => {
    readonly shedding: SheddingSettings | undefined;
    readonly rateLimit: RateLimitSettings | undefined;
  };
  readonly buckets: Buckets;
  readonly meter: Meter;
}

export function createAdmission({ load, settings, buckets, meter }: AdmissionOptions): Admission {
  const shed = meter.counter(
    'aisle_router_shed_total',
    'Operations refused because the process is overloaded, by priority.',
  );

  return {
    admit({ cost, priority }, caller, address) {
      const { shedding, rateLimit } = settings();
      if (shedding && isShed(priority, load, shedding)) {
        shed.add(1, { priority });
        throw new Refusal(503, 'OVERLOADED', 'There is too much to do at the moment.', {
          'retry-after': '1',
        });
      }
      if (!rateLimit) return undefined;
      // An operation of no cost is still a request.
      const taken = buckets.take(clientOf(caller, address), Math.max(1, cost), rateLimit);
      if (taken instanceof Promise) return taken.then(check);
      return check(taken);
    },
  };
}

function check({ allowed, retryAfter }: { readonly allowed: boolean; readonly retryAfter: number }): void {
  if (allowed) return;
  const seconds = Math.max(1, Math.ceil(retryAfter / 1000));
  throw new Refusal(429, 'RATE_LIMITED', `Too much was asked for lately: try again in ${seconds} s.`, {
    'retry-after': String(seconds),
  });
}
