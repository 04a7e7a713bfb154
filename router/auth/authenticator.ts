import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '@aisle/platform/clock';
import { anonymous, type Caller, isRegion, type Region } from '@aisle/platform/identity';
import { createApiKeys } from './api-keys.ts';
import { AuthError } from './auth-error.ts';
import { createKeySource, type JwksSource } from './key-source.ts';
import { createTokenVerifier } from './token-verifier.ts';

export interface AuthOptions {
  /** Where the public keys of access tokens come from; without it every token is refused. */
  readonly jwks?: JwksSource;
  /** Expected `iss` and `aud`. @default 'aisle' */
  readonly issuer?: string;
  readonly audience?: string;
  /** Seconds of clock difference forgiven. At most 60. @default 30 */
  readonly leeway?: number;
  /** Who an API key belongs to; without it every key is refused. */
  readonly resolveApiKey?: (key: string) => Promise<Caller | undefined>;
  /** True when the login session of a token has ended. */
  readonly isSessionRevoked?: (sessionId: string) => boolean | Promise<boolean>;
  readonly clock: Clock;
}

/** What a client shows of itself, from headers or from the `connection_init` of a WebSocket. */
export interface Credentials {
  readonly authorization?: string | undefined;
  readonly apiKey?: string | undefined;
  readonly region?: string | undefined;
}

/**
 * Who is asking. No credentials at all: an anonymous visitor of the region asked for. Credentials that are not good never make an anonymous one.
 * Answers at once when there is nothing to verify.
 * @throws AuthError
 */
export type Authenticator = ((credentials: Credentials) => Caller | Promise<Caller>) & {
  /**
   * Whether a caller of before is refused by now, or is allowed something else: their session has ended, their API key was revoked or changed.
   * When nobody can tell, they go on. For streams, which outlive the request that was authenticated; the end of a token is in the caller.
   */
  isRevoked(caller: Caller): Promise<boolean>;
};

const ANONYMOUS: Readonly<Record<Region, Caller>> = {
  us: anonymous('us'),
  eu: anonymous('eu'),
  gb: anonymous('gb'),
  in: anonymous('in'),
  br: anonymous('br'),
};
/** Milliseconds a caller goes on when nobody could tell whether their key is still good. */
const TRUSTED = 3_000;
const SCHEME = /^(bearer|apikey) +(\S+)$/i;

export function createAuthenticator(options: AuthOptions): Authenticator {
  const { jwks, clock, issuer = 'aisle', audience = 'aisle', leeway, isSessionRevoked } = options;
  const rules = { issuer, audience, ...(leeway !== undefined && { leeway }) };
  const verify = jwks && createTokenVerifier(createKeySource(jwks, clock), rules, clock);
  const resolveKey = options.resolveApiKey && createApiKeys(options.resolveApiKey, clock);

  /** Callers by API key, to ask again who the key belongs to. */
  const keys = new WeakMap<Caller, { readonly key: string; trustedUntil: number }>();

  const authenticate = ({ authorization, apiKey, region }: Credentials) => {
    if (authorization === undefined && apiKey === undefined) return visitor(region);
    if (authorization !== undefined && apiKey !== undefined)
      throw new AuthError(401, 'Send an access token or an API key, not both.');
    if (apiKey !== undefined) return byKey(apiKey);
    const [, scheme, value] = SCHEME.exec(authorization as string) ?? [];
    if (!scheme || !value)
      throw new AuthError(401, 'The authorization header is neither "Bearer …" nor "ApiKey …".');
    return scheme.toLowerCase() === 'apikey' ? byKey(value) : byToken(value);
  };
  return Object.assign(authenticate, { isRevoked });

  async function byKey(key: string): Promise<Caller> {
    if (!resolveKey) throw new AuthError(401, 'API keys are not accepted here.');
    const caller = await resolveKey(key);
    keys.set(caller, { key, trustedUntil: 0 });
    return caller;
  }

  async function isRevoked(caller: Caller): Promise<boolean> {
    const known = keys.get(caller);
    try {
      if (caller.sessionId !== undefined && (await isSessionRevoked?.(caller.sessionId))) return true;
      if (!known || known.trustedUntil > clock.now()) return false;
      return !isDeepStrictEqual(await byKey(known.key), caller);
    } catch (error) {
      if (error instanceof AuthError && error.status === 401) return true;
      // Whoever could tell is away: not every event shall wait for that to show.
      if (known) known.trustedUntil = clock.now() + TRUSTED;
      return false;
    }
  }

  async function byToken(token: string): Promise<Caller> {
    if (!verify) throw new AuthError(401, 'Access tokens are not accepted here.');
    const caller = await verify(token);
    if (caller.sessionId !== undefined && isSessionRevoked && (await revoked(caller.sessionId))) {
      throw new AuthError(401, 'The session has ended.');
    }
    return caller;
  }

  async function revoked(sessionId: string): Promise<boolean> {
    try {
      return (await isSessionRevoked?.(sessionId)) ?? false;
    } catch (cause) {
      throw new AuthError(503, 'Sessions cannot be checked at the moment.', { cause });
    }
  }
}

function visitor(region: string | undefined): Caller {
  if (region === undefined || region === 'us') return ANONYMOUS.us;
  const lower = region.toLowerCase();
  if (!isRegion(lower))
    throw new AuthError(400, 'The header x-aisle-region names no region: us, eu, gb, in or br.');
  return ANONYMOUS[lower];
}
