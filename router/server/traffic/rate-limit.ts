import type { Caller } from '@aisle/platform/identity';

/** A token bucket per client, filled with operation cost. */
export interface RateLimitSettings {
  /** Cost a client may spend at once. */
  readonly capacity: number;
  /** Cost it gets back per second. */
  readonly perSecond: number;
}

export interface Taken {
  readonly allowed: boolean;
  /** Milliseconds until the cost could be paid; 0 when it was. */
  readonly retryAfter: number;
}

/** Where the buckets are: in this process, or shared by all routers (`redis-buckets.ts`). */
export interface Buckets {
  take(client: string, cost: number, settings: RateLimitSettings): Taken | Promise<Taken>;
}

/** Who pays: the signed-in subject, else the address. An address behind a proxy is the proxy's: trust none of its headers here. */
export function clientOf(caller: Caller, address: string | undefined): string {
  return caller.kind === 'anonymous' ? `ip:${address ?? 'unknown'}` : `sub:${caller.subject}`;
}

/** Buckets of one process, at most `most`: a full map forgets the one used longest ago, which is the fullest. */
export function memoryBuckets(now: () => number, most = 50_000): Buckets {
  const buckets = new Map<string, { tokens: number; at: number }>();
  return {
    take(client, cost, { capacity, perSecond }) {
      const time = now();
      const before = buckets.get(client);
      const tokens = before
        ? Math.min(capacity, before.tokens + ((time - before.at) / 1000) * perSecond)
        : capacity;
      // More than a whole bucket can hold is paid with a whole bucket.
      const price = Math.min(cost, capacity);
      const allowed = tokens >= price;
      buckets.delete(client);
      if (buckets.size >= most) buckets.delete(buckets.keys().next().value as string);
      buckets.set(client, { tokens: allowed ? tokens - price : tokens, at: time });
      return { allowed, retryAfter: allowed ? 0 : Math.ceil(((price - tokens) / perSecond) * 1000) };
    },
  };
}
