/** The regions Aisle sells in; every personal record lives in exactly one of them. */
export const REGIONS = ['us', 'eu', 'gb', 'in', 'br'] as const;
export type Region = (typeof REGIONS)[number];

export const ROLES = ['guest', 'customer', 'seller', 'staff', 'admin', 'service'] as const;
export type Role = (typeof ROLES)[number];

/**
 * Who is asking, as the router (or a calling subgraph) vouches for it.
 * `anonymous` has no token at all; `guest` holds a guest token and so owns a cart; `service` is another context.
 */
export interface Caller {
  readonly kind: 'anonymous' | 'guest' | 'user' | 'service';
  /** User id (`usr_…`), guest id (`gst_…`), API key (`key_…`) or service name; empty for `anonymous`. */
  readonly subject: string;
  readonly roles: readonly Role[];
  /** Home region of the subject, or the region an anonymous visitor asked for. */
  readonly region: Region;
  /** Set for sellers: the seller whose goods they manage. */
  readonly sellerId?: string;
  /** Login session (`ses_…`), so that a logout can end live subscriptions. */
  readonly sessionId?: string;
  /** What an API key may do for its seller (`CATALOGUE_WRITE` …); absent for people, whose roles say it. */
  readonly scopes?: readonly string[];
  /** Epoch seconds at which the caller's token expires; subscriptions end then. */
  readonly expiresAt?: number;
}

export function isRegion(value: unknown): value is Region {
  return typeof value === 'string' && (REGIONS as readonly string[]).includes(value);
}

export function anonymous(region: Region = 'us'): Caller {
  return { kind: 'anonymous', subject: '', roles: [], region };
}

export function service(name: string, region: Region = 'us'): Caller {
  return { kind: 'service', subject: name, roles: ['service'], region };
}

/** False for a program whose API key does not have the scope. It says nothing about roles or ownership. */
export function hasScope(caller: Pick<Caller, 'scopes'>, scope: string): boolean {
  return caller.scopes === undefined || caller.scopes.includes(scope);
}
