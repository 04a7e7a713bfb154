import { createHash } from 'node:crypto';
import type { Log } from '@aisle/platform/log';
import type { Redis } from '@aisle/platform/stores';
import type { Attempts } from './index.ts';
import { patiently } from './redis-patience.ts';

export interface AttemptLimits {
  /** Tries per account from one network address in a window. */
  readonly perAddress: number;
  /** Tries per account from everywhere in a window: guessing from many addresses is guessing too. */
  readonly perAccount: number;
  readonly windowSeconds: number;
}

/** Counts in every key, starts its window at the first count, and answers the longest wait in seconds (0: go ahead). */
const TAKE = `
local wait = 0
for i, key in ipairs(KEYS) do
  local n = redis.call('INCR', key)
  if n == 1 then redis.call('EXPIRE', key, ARGV[1]) end
  if n > tonumber(ARGV[i + 1]) then wait = math.max(wait, redis.call('TTL', key), 1) end
end
return wait`;

/** Accounts that the fallback remembers while Redis is away. */
const MAX_REMEMBERED = 10_000;

/**
 * Sign-in tries, counted in Redis so that every process sees them. While Redis is away each process counts for itself:
 * people can still sign in, and guessing is still limited. Keys hold hashes only.
 */
export function redisAttempts(redis: Redis, limits: AttemptLimits, log: Log): Attempts {
  const local = new Map<string, { count: number; until: number }>();

  const keysOf = (account: string, address: string | undefined) => {
    // One hash tag per account: both counters are on one node of a Redis Cluster.
    const tag = `identity:{${createHash('sha256').update(account).digest('base64url')}}`;
    const from =
      address === undefined ? [] : [`${tag}:${createHash('sha256').update(address).digest('base64url')}`];
    return [`${tag}:tries`, ...from];
  };
  const limitsOf = (keys: readonly string[]) =>
    keys.length > 1 ? [limits.perAccount, limits.perAddress] : [limits.perAddress];

  const takeLocally = (keys: readonly string[], allowed: readonly number[]): number => {
    const now = Date.now();
    let wait = 0;
    for (const [i, key] of keys.entries()) {
      let entry = local.get(key);
      if (!entry || entry.until <= now) {
        if (local.size >= MAX_REMEMBERED) local.delete(local.keys().next().value!);
        entry = { count: 0, until: now + limits.windowSeconds * 1_000 };
        local.set(key, entry);
      }
      entry.count++;
      if (entry.count > allowed[i]!) wait = Math.max(wait, Math.ceil((entry.until - now) / 1_000));
    }
    return wait;
  };

  return {
    async take(account, address) {
      const keys = keysOf(account, address);
      const allowed = limitsOf(keys);
      try {
        const options = { keys, arguments: [limits.windowSeconds, ...allowed].map(String) };
        return Number(await patiently(redis.eval(TAKE, options)));
      } catch (error) {
        log.warn('sign-in tries are counted in this process only', { error: (error as Error).message });
        return takeLocally(keys, allowed);
      }
    },
    async clear(account, address) {
      const keys = keysOf(account, address);
      for (const key of keys) local.delete(key);
      await patiently(redis.del(keys)).catch((error: Error) =>
        log.warn('sign-in tries were not cleared', { error: error.message }),
      );
    },
  };
}
