import type { Clock } from '@aisle/platform/clock';
import type { Caller } from '@aisle/platform/identity';
import { decodeProtectedHeader, errors, jwtVerify } from 'jose';
import { AuthError } from './auth-error.ts';
import { callerOf } from './claims.ts';
import { ExpiringCache } from './expiring-cache.ts';
import type { KeySource } from './key-source.ts';

export interface TokenRules {
  readonly issuer: string;
  readonly audience: string;
  /** Seconds of clock difference forgiven. At most 60. @default 30 */
  readonly leeway?: number;
}

/** Longest token looked at; ours are under 1 kB. */
const MAX_LENGTH = 4096;
/** Milliseconds a verified token is believed without verifying it again. */
const BELIEVED = 60_000;
/** Header fields that would let the token say with which key it is to be verified. */
const KEY_CARRIERS = ['jku', 'jwk', 'x5u', 'x5c', 'crit', 'b64'] as const;

/**
 * Verifies access tokens: EdDSA alone, a key id of our JWKS, issuer, audience, type `at+jwt`, expiry. Answers are kept for a minute.
 * @throws AuthError 401 for a token that is not good, 503 when the keys cannot be had.
 */
export function createTokenVerifier(
  keys: KeySource,
  rules: TokenRules,
  clock: Clock,
): (token: string) => Promise<Caller> {
  const leeway = Math.min(rules.leeway ?? 30, 60);
  const verified = new ExpiringCache<Caller>(10_000);

  return async (token) => {
    const now = clock.now();
    const known = verified.get(token, now);
    if (known) return known;
    const caller = await verify(token, now);
    const ends = ((caller.expiresAt ?? 0) + leeway) * 1000;
    verified.set(token, caller, Math.min(ends, now + BELIEVED));
    return caller;
  };

  async function verify(token: string, now: number): Promise<Caller> {
    if (token.length > MAX_LENGTH) throw bad('is too long');
    const kid = keyIdOf(token);
    const key = await keys.key(kid).catch((cause) => {
      throw new AuthError(503, 'Tokens cannot be checked at the moment.', { cause });
    });
    if (!key) throw bad('was signed with an unknown key');
    try {
      const { payload } = await jwtVerify(token, key, {
        algorithms: ['EdDSA'],
        issuer: rules.issuer,
        audience: rules.audience,
        typ: 'at+jwt',
        clockTolerance: leeway,
        currentDate: new Date(now),
        requiredClaims: ['sub', 'exp', 'iat', 'iss', 'aud'],
      });
      if ((payload.iat ?? 0) > now / 1000 + leeway) throw bad('is from the future');
      const caller = callerOf(payload);
      if (!caller) throw bad('does not say who you are');
      return caller;
    } catch (error) {
      if (error instanceof AuthError) throw error;
      throw bad(error instanceof errors.JWTExpired ? 'has expired' : 'is not valid', error);
    }
  }
}

function keyIdOf(token: string): string {
  let header: ReturnType<typeof decodeProtectedHeader>;
  try {
    header = decodeProtectedHeader(token);
  } catch (error) {
    throw bad('is not valid', error);
  }
  if (KEY_CARRIERS.some((name) => name in header)) throw bad('is not valid');
  if (header.alg !== 'EdDSA' || typeof header.kid !== 'string' || header.kid.length > 128)
    throw bad('is not valid');
  return header.kid;
}

const bad = (problem: string, cause?: unknown) =>
  new AuthError(401, `The access token ${problem}.`, cause === undefined ? undefined : { cause });
