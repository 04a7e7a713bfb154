import { errorFields, type Log } from '@aisle/platform/log';
import { createClient } from 'redis';
import type { CacheStore } from './port.ts';
import { redisStore } from './redis-store.ts';

export interface OpenRedisOptions {
  readonly url: string;
  readonly log: Log;
  /** Routers that share a Redis and a prefix share their entries. @default 'router:cache:' */
  readonly prefix?: string;
}

/** Longest a command may wait in all, milliseconds; whoever waits for it has given up long before. */
const TIMEOUT = 2_000;
/** Between two tries to connect, milliseconds. */
const MOST_PAUSE = 1_000;

/** A store in Redis, which need not be there at start, nor stay. */
export function openRedisStore({ url, log, prefix = 'router:cache:' }: OpenRedisOptions): CacheStore {
  const redis = createClient({
    url,
    disableOfflineQueue: true,
    commandsQueueMaxLength: 10_000,
    commandOptions: { timeout: TIMEOUT },
    socket: {
      connectTimeout: 2_000,
      reconnectStrategy: (tries) => Math.min(50 * 2 ** Math.min(tries, 8), MOST_PAUSE),
    },
  });
  redis.on('error', (error: unknown) => log.warn('cache: Redis is away', errorFields(error)));
  redis.connect().catch(() => undefined);
  return {
    ...redisStore(redis, prefix),
    async close() {
      // Not waited for: a connection that is still being made may never be.
      if (redis.isOpen) redis.destroy();
    },
  };
}
