import type { Clock } from '@aisle/platform/clock';
import { errorFields, type Log } from '@aisle/platform/log';
import { createClient } from 'redis';
import { type Buckets, memoryBuckets } from './rate-limit.ts';
import { redisBuckets } from './redis-buckets.ts';

/** Milliseconds a request waits for Redis before its own process decides. */
const TIMEOUT = 100;

/** Buckets in Redis. It need not be there at start, nor stay: meanwhile this process has buckets of its own. */
export function openRedisBuckets(
  url: string,
  log: Log,
  clock: Clock,
): { readonly buckets: Buckets; close(): Promise<void> } {
  const redis = createClient({
    url,
    disableOfflineQueue: true,
    commandOptions: { timeout: TIMEOUT },
    socket: { connectTimeout: 2_000 },
  });
  redis.on('error', (error: unknown) => log.warn('rate limit: Redis is away', errorFields(error)));
  const connecting = redis.connect().catch(() => undefined);
  const buckets = redisBuckets(
    redis,
    memoryBuckets(() => clock.now()),
    (error) => log.debug('rate limit: not shared', errorFields(error)),
  );
  return {
    buckets,
    async close() {
      redis.destroy();
      await connecting;
    },
  };
}
