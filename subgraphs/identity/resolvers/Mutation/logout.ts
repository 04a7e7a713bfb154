import { invalidInput, notFound, unauthenticated } from '@aisle/platform/errors';
import { hasPrefix } from '@aisle/platform/ids';
import type { MutationResolvers } from '../../generated/schema.ts';
import { endSessions } from '../session-tokens.ts';

/** Guests log out too. A token whose session has ended already may still ask: then nothing is left to end. */
export const logout: NonNullable<MutationResolvers['logout']> = async (_, { input }, scope) => {
  const { caller } = scope;
  if ((caller.kind !== 'user' && caller.kind !== 'guest') || !caller.sessionId) throw unauthenticated();
  const everywhere = input?.everywhere ?? false;
  const named = input?.sessionId ?? undefined;
  if (everywhere && named !== undefined)
    return { ended: [], errors: [invalidInput('Name a session, or end all of them.', 'sessionId')] };
  if (named !== undefined && !hasPrefix(named, 'ses'))
    return { ended: [], errors: [invalidInput('This is not the id of a session.', 'sessionId')] };

  const which = everywhere ? undefined : (named ?? caller.sessionId);
  const ended = await endSessions(scope, caller.subject, 'logout', which);
  if (named !== undefined && ended.length === 0)
    return { ended, errors: [notFound('You have no such session.', 'sessionId')] };
  return { ended, errors: [] };
};
