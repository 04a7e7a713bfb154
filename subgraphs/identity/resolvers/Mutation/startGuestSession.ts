import { newId } from '@aisle/platform/ids';
import type { MutationResolvers } from '../../generated/schema.ts';
import { issueTokens, newSession } from '../session-tokens.ts';

export const startGuestSession: NonNullable<MutationResolvers['startGuestSession']> = async (
  _,
  { region },
  scope,
) => {
  const now = scope.clock.now();
  const guestId = newId('gst', region, now);
  const { session, refresh } = newSession(guestId, region, now);
  await scope.ports.sessions.start(region, session);
  const claims = {
    subject: guestId,
    kind: 'guest' as const,
    roles: ['guest'],
    region,
    sessionId: session.id,
  };
  return { guestId, tokens: await issueTokens(scope, claims, refresh, session.expiresAt), errors: [] };
};
