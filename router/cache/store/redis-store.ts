import type { CacheStore, Entry, Found } from './port.ts';
import { LABEL_TTL, MOST_TTL } from './port.ts';
import { type ScriptClient, script } from './redis-script.ts';

/** What is needed of a Redis client (node-redis). */
export interface CacheRedis extends ScriptClient {
  set(key: string, value: string, options: { expiration: { type: 'PX'; value: number } }): Promise<unknown>;
}

/**
 * An entry is one string: when its fetch began, its labels, when it came and for how long, its JSON; a line each. Looking entries up checks their labels on the
 * spot, in one round trip. Keys of labels are made in the script: this is for one Redis (with replicas), not for a cluster.
 */
const LOOKUP = script(`
local prefix = ARGV[1]
local answer = { redis.call('GET', prefix .. 'clock') or '0' }
local seen = {}
for i, key in ipairs(KEYS) do
  local value = redis.call('GET', key)
  if value then
    local first = string.find(value, '\\n', 1, true)
    local second = string.find(value, '\\n', first + 1, true)
    local began = tonumber(string.sub(value, 1, first - 1))
    for label in string.gmatch(string.sub(value, first + 1, second - 1), '%S+') do
      if seen[label] == nil then seen[label] = tonumber(redis.call('GET', prefix .. 'label:' .. label) or '0') end
      if seen[label] > began then value = '' break end
    end
    if value ~= '' then value = string.sub(value, second + 1) end
  end
  answer[i + 1] = value
end
return answer`);

/** The clock is Redis's own time in microseconds, and never stands still or goes back while its key is there. */
const OUTDATE = script(`
local prefix, ttl = ARGV[1], ARGV[2]
local time = redis.call('TIME')
local last = tonumber(redis.call('GET', prefix .. 'clock') or '0')
local now = string.format('%.0f', math.max(last + 1, time[1] * 1000000 + time[2]))
redis.call('SET', prefix .. 'clock', now)
for i = 3, #ARGV do redis.call('SET', prefix .. 'label:' .. ARGV[i], now, 'PX', ttl) end
return now`);

/** Labels outdated by one call of the script. */
const BATCH = 500;

export function redisStore(redis: CacheRedis, prefix: string): Omit<CacheStore, 'close'> {
  return {
    async lookup(keys) {
      const [now, ...values] = (await LOOKUP(
        redis,
        keys.map((key) => `${prefix}entry:${key}`),
        [prefix],
      )) as [string, ...(string | null)[]];
      return { now, found: keys.map((_, index) => read(values[index])) };
    },
    async store(entries) {
      await Promise.all(
        entries.map((entry) =>
          redis.set(`${prefix}entry:${entry.key}`, write(entry), {
            expiration: { type: 'PX', value: Math.min(Math.ceil(entry.ttl), MOST_TTL) },
          }),
        ),
      );
    },
    async outdate(labels) {
      for (let from = 0; from < labels.length; from += BATCH)
        await OUTDATE(redis, [], [prefix, String(LABEL_TTL), ...labels.slice(from, from + BATCH)]);
    },
  };
}

function write({ began, labels, storedAt, maxAge, json }: Entry): string {
  return `${began}\n${labels.join(' ')}\n${storedAt} ${maxAge}\n${json}`;
}

function read(value: string | null | undefined): Found | 'outdated' | undefined {
  if (value === null || value === undefined) return undefined;
  if (value === '') return 'outdated';
  const end = value.indexOf('\n');
  const [storedAt, maxAge] = value.slice(0, end).split(' ').map(Number);
  return { storedAt: storedAt ?? 0, maxAge: maxAge ?? 0, json: value.slice(end + 1) };
}
