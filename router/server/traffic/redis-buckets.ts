import type { Buckets, Taken } from './rate-limit.ts';

/** What is needed of a Redis client (node-redis): one script, one round trip. */
export interface ScriptRunner {
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
}

/** Time is Redis's own, so that routers whose clocks differ share one bucket. A bucket nobody uses ends when it would be full. */
const SCRIPT = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local capacity, per_second, cost = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local bucket = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens = tonumber(bucket[1]) or capacity
local at = tonumber(bucket[2]) or now
tokens = math.min(capacity, tokens + math.max(0, now - at) / 1000 * per_second)
local price = math.min(cost, capacity)
local allowed = tokens >= price
if allowed then tokens = tokens - price end
redis.call('HSET', KEYS[1], 'tokens', tokens, 'at', now)
redis.call('PEXPIRE', KEYS[1], math.ceil(capacity / per_second * 1000) + 1000)
if allowed then return 0 end
return math.max(1, math.ceil((price - tokens) / per_second * 1000))
`;

/** Buckets shared by all routers. While Redis is away `otherwise` (this process's own) decides. */
export function redisBuckets(
  redis: ScriptRunner,
  otherwise: Buckets,
  onError: (error: unknown) => void,
  prefix = 'router:bucket:',
): Buckets {
  return {
    async take(client, cost, settings): Promise<Taken> {
      const args = [settings.capacity, settings.perSecond, cost].map(String);
      try {
        const wait = Number(await redis.eval(SCRIPT, { keys: [`${prefix}{${client}}`], arguments: args }));
        return { allowed: wait === 0, retryAfter: wait };
      } catch (error) {
        onError(error);
        return otherwise.take(client, cost, settings);
      }
    },
  };
}
