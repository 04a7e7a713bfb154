import { createHash, randomBytes } from 'node:crypto';
import type { Region } from '@aisle/platform/identity';
import { newId } from '@aisle/platform/ids';
import { errorFields } from '@aisle/platform/log';
import type { Scope } from '@aisle/platform/service';
import { formatRefreshToken, sessionExpiry } from '../domain/session.ts';
import type { Account } from '../domain/user.ts';
import type { AuthTokens } from '../generated/schema.ts';
import type { NewSession, Ports, TokenClaims } from '../store/index.ts';

/** Refresh tokens have 256 random bits, so a plain hash hides them as well as a slow one would. */
export const hashToken = (token: string): Buffer => createHash('sha256').update(token).digest();

export interface FreshToken {
  readonly token: string;
  readonly hash: Buffer;
}

export function newRefreshToken(region: Region): FreshToken {
  const token = formatRefreshToken(region, randomBytes(32));
  return { token, hash: hashToken(token) };
}

/** A session about to be stored, and the refresh token that only its owner will have. */
export function newSession(
  subject: string,
  region: Region,
  now: number,
): { session: NewSession; refresh: FreshToken } {
  const refresh = newRefreshToken(region);
  const session = {
    id: newId('ses', region, now),
    subject,
    tokenHash: refresh.hash,
    createdAt: new Date(now),
    expiresAt: sessionExpiry(now, now),
  };
  return { session, refresh };
}

export const claimsOf = (account: Account, sessionId: string): TokenClaims => ({
  subject: account.id,
  kind: 'user',
  roles: account.roles,
  region: account.region,
  sellerId: account.sellerId,
  sessionId,
});

/** What the client gets: a fresh access token and the refresh token of the session. */
export async function issueTokens(
  { ports, clock }: Scope<Ports>,
  claims: TokenClaims,
  refresh: FreshToken,
  refreshExpiresAt: Date,
): Promise<AuthTokens> {
  const now = clock.now();
  return {
    accessToken: await ports.accessTokens.sign(claims, now),
    expiresAt: new Date((Math.floor(now / 1_000) + ports.accessTokens.lifetime) * 1_000).toISOString(),
    refreshToken: refresh.token,
    refreshExpiresAt: refreshExpiresAt.toISOString(),
  };
}

/** Ends a subject's sessions (one, or all): refresh tokens at once, access tokens as fast as verifiers hear of it. @returns their ids. */
export async function endSessions(
  { ports, clock, log }: Pick<Scope<Ports>, 'ports' | 'clock' | 'log'>,
  subject: string,
  why: string,
  sessionId?: string,
): Promise<string[]> {
  const now = clock.now();
  const ended = await ports.sessions.end(subject, why, new Date(now), sessionId);
  await ports.revocations.add(ended, now).catch((error: unknown) => {
    log.error('access tokens could not be revoked; they die with their expiry', errorFields(error));
  });
  return ended;
}
