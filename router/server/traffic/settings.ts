import type { StartCursors } from '../streams/start-cursor.ts';
import type { Buckets, RateLimitSettings } from './rate-limit.ts';
import type { SheddingSettings } from './shedding.ts';

/** What the router does about the traffic of its clients. */
export interface TrafficSettings {
  /**
   * Equal queries of one identity that arrive while one of them runs share its answer, equal calls to a subgraph (of whatever operations) share one, and so do equal
   * subscriptions; mutations never. @default true
   */
  readonly deduplicate?: boolean;
  /** Token bucket per client, on operation cost. @default 20000 at once and 2000 a second in production, none in development */
  readonly rateLimit?: RateLimitSettings | false;
  /** Load shedding by priority. @default on in production, off in development */
  readonly shedding?: SheddingSettings | false;
  /**
   * Subscription fields with an `after` argument that, without it, begin with what happens from now on: late subscribers share a running one.
   * Fields without `after` are always shared. @default none
   */
  readonly sharedSubscriptions?: readonly string[];
  /**
   * Subscription fields with an `after` argument, each with the query field that tells the cursor of what has happened up to now (a `String`; null where the subscription
   * begins with the past anyway). It is asked, with those arguments of the subscription that it takes as well, before the subscription is opened: a break that comes before
   * the first event then loses nothing either. @default none
   */
  readonly startCursors?: StartCursors;
  /** Buckets shared with other routers. @default this process's own */
  readonly buckets?: Buckets;
}

const RATE_LIMIT: RateLimitSettings = { capacity: 20_000, perSecond: 2_000 };

/** Settings with the defaults of a mode. */
export interface Traffic {
  readonly deduplicate: boolean;
  readonly rateLimit: RateLimitSettings | undefined;
  readonly shedding: SheddingSettings | undefined;
  readonly sharedSubscriptions: readonly string[];
  readonly startCursors: StartCursors;
}

export function trafficOf(settings: TrafficSettings = {}, production: boolean): Traffic {
  const {
    deduplicate = true,
    sharedSubscriptions = [],
    startCursors = {},
    rateLimit = production && RATE_LIMIT,
    shedding = production && {},
  } = settings;
  return {
    deduplicate,
    sharedSubscriptions,
    startCursors,
    rateLimit: rateLimit || undefined,
    shedding: shedding || undefined,
  };
}
