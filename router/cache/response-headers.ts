import type { Caller } from '@aisle/platform/identity';
import type { ResponsePolicy } from './response-policy.ts';

/** Everything of a request that an answer may depend on, besides its body. */
const VARY = 'accept, accept-encoding, authorization, origin, x-api-key, x-aisle-region';

/**
 * The headers that say how long a client may keep its answer. `public` is for visitors only: what somebody signed in is given may depend on their roles, which no
 * cache outside can tell apart.
 */
export function cacheHeaders(policy: ResponsePolicy, caller: Caller): Readonly<Record<string, string>> {
  const { result } = policy;
  if (!result) return { 'cache-control': 'no-store' };
  const scope = result.scope === 'PUBLIC' && caller.kind === 'anonymous' ? 'public' : 'private';
  return {
    'cache-control': `max-age=${result.maxAge}, ${scope}`,
    age: String(result.age),
    vary: VARY,
  };
}
