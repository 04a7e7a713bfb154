import type { Region } from '@aisle/platform/identity';
import { isRegion } from '@aisle/platform/identity';

const DAY = 86_400_000;
/** A session ends when it was not refreshed for so long … (milliseconds) */
export const IDLE_MS = 30 * DAY;
/** … and this long after the login in any case. */
export const LONGEST_MS = 180 * DAY;

export interface Session {
  readonly id: string;
  /** `usr_…` or `gst_…`. */
  readonly subject: string;
  readonly createdAt: Date;
  readonly lastUsedAt: Date;
  readonly expiresAt: Date;
}

/** A refresh token as the store remembers it, with its session. */
export interface KnownToken {
  readonly sessionId: string;
  readonly subject: string;
  readonly usedAt: Date | null;
  readonly sessionCreatedAt: Date;
  readonly sessionExpiresAt: Date;
  readonly sessionEndedAt: Date | null;
}

export type RefreshVerdict =
  | { readonly kind: 'rotate'; readonly expiresAt: Date }
  | { readonly kind: 'reused' }
  | { readonly kind: 'invalid' };

/**
 * What a presented refresh token is worth (RFC 9700 § 4.14.2: rotation; a second use ends the family).
 * A used token of a session that ended anyway is merely invalid.
 */
export function judgeRefresh(token: KnownToken | undefined, now: number): RefreshVerdict {
  if (!token || token.sessionEndedAt || token.sessionExpiresAt.getTime() <= now) return { kind: 'invalid' };
  if (token.usedAt) return { kind: 'reused' };
  return { kind: 'rotate', expiresAt: sessionExpiry(token.sessionCreatedAt.getTime(), now) };
}

/** When a session that is used now ends. */
export function sessionExpiry(createdAt: number, now: number): Date {
  return new Date(Math.min(now + IDLE_MS, createdAt + LONGEST_MS));
}

/** `rt_<region>_<256 random bits>`: the region tells which database knows it. */
export const formatRefreshToken = (region: Region, secret: Buffer): string =>
  `rt_${region}_${secret.toString('base64url')}`;

/** @returns undefined for anything that cannot be one of our refresh tokens. */
export function regionOfRefreshToken(token: string): Region | undefined {
  const match = /^rt_([a-z]{2})_[A-Za-z0-9_-]{43}$/.exec(token);
  return match && isRegion(match[1]) ? match[1] : undefined;
}
