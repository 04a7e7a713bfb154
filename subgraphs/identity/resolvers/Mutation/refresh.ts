import { regionOf } from '@aisle/platform/ids';
import { refreshTokenInvalid, refreshTokenReused } from '../../domain/refusal.ts';
import { judgeRefresh, regionOfRefreshToken } from '../../domain/session.ts';
import type { MutationResolvers } from '../../generated/schema.ts';
import { claimsOf, endSessions, hashToken, issueTokens, newRefreshToken } from '../session-tokens.ts';

export const refresh: NonNullable<MutationResolvers['refresh']> = async (_, { input }, scope) => {
  const { ports, clock } = scope;
  const region = regionOfRefreshToken(input.refreshToken);
  if (!region) return { errors: [refreshTokenInvalid()] };
  const hash = hashToken(input.refreshToken);
  const now = clock.now();
  const token = await ports.sessions.token(region, hash);
  const verdict = judgeRefresh(token, now);
  if (!token || verdict.kind === 'invalid') return { errors: [refreshTokenInvalid()] };

  const next = newRefreshToken(region);
  const { sessionId, subject } = token;
  const rotated =
    verdict.kind === 'rotate' &&
    (await ports.sessions.rotate(region, {
      sessionId,
      hash,
      next: next.hash,
      now: new Date(now),
      expiresAt: verdict.expiresAt,
    }));
  if (!rotated) {
    // Used before, or by another at this very moment: whoever holds the newer token loses it too.
    const ended = await endSessions(scope, subject, 'refresh token used twice', sessionId);
    return { errors: [ended.length > 0 ? refreshTokenReused() : refreshTokenInvalid()] };
  }

  if (regionOf(subject, 'gst')) {
    const claims = { subject, kind: 'guest' as const, roles: ['guest'], region, sessionId };
    return { tokens: await issueTokens(scope, claims, next, verdict.expiresAt), errors: [] };
  }
  const account = await ports.accounts.find(subject);
  if (!account) return { errors: [refreshTokenInvalid()] };
  const tokens = await issueTokens(scope, claimsOf(account, sessionId), next, verdict.expiresAt);
  return { user: account, tokens, errors: [] };
};
