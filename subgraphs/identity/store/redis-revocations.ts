import type { Redis } from '@aisle/platform/stores';
import type { Revocations } from './index.ts';
import { patiently } from './redis-patience.ts';

const KEY = 'identity:revoked-sessions';
/** Seconds of clock difference that verifiers of tokens forgive. */
const LEEWAY = 60;

/** A sorted set of session ids by the epoch second at which their last access token has expired; pruned with each write. */
export function redisRevocations(redis: Redis, lifetimeSeconds: number): Revocations {
  const seconds = (now: number) => Math.floor(now / 1_000);
  return {
    async add(sessionIds, now) {
      if (sessionIds.length === 0) return;
      const score = seconds(now) + lifetimeSeconds + LEEWAY;
      const entries = sessionIds.map((value) => ({ value, score }));
      await patiently(redis.multi().zAdd(KEY, entries).zRemRangeByScore(KEY, '-inf', seconds(now)).exec());
    },
    list: (now) => patiently(redis.zRange(KEY, seconds(now), '+inf', { BY: 'SCORE' })),
    has: async (sessionId) => (await patiently(redis.zScore(KEY, sessionId))) !== null,
  };
}
