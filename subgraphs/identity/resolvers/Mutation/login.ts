import { notNow } from '@aisle/platform/errors';
import { errorFields } from '@aisle/platform/log';
import type { Scope } from '@aisle/platform/service';
import { normaliseEmail } from '../../domain/email.ts';
import { invalidCredentials, tooManyAttempts } from '../../domain/refusal.ts';
import { normalisePassword, PASSWORD_MAX } from '../../domain/registration.ts';
import type { MutationResolvers } from '../../generated/schema.ts';
import { BusyError, type Ports } from '../../store/index.ts';
import { claimsOf, issueTokens, newSession } from '../session-tokens.ts';

export const login: NonNullable<MutationResolvers['login']> = async (_, { input }, scope) => {
  const { ports, clock, deadline } = scope;
  const email = normaliseEmail(input.email);
  const password = normalisePassword(input.password.slice(0, 4 * PASSWORD_MAX));
  const counter = ports.emailHash(email ?? input.email.slice(0, 254)).toString('base64url');
  const wait = await ports.attempts.take(counter, scope.clientAddress);
  if (wait > 0) return { errors: [tooManyAttempts(wait)] };

  const known = email ? await ports.accounts.credentials(email) : undefined;
  try {
    // An unknown account is checked against a dummy: it takes as long.
    if (!(await ports.passwords.verify(known?.passwordHash, password, deadline)) || !known)
      return { errors: [invalidCredentials()] };
  } catch (error) {
    if (error instanceof BusyError)
      return { errors: [notNow('Too many people are signing in at this moment. Try again.')] };
    throw error;
  }
  await ports.attempts.clear(counter, scope.clientAddress);
  if (ports.passwords.needsRehash(known.passwordHash)) await rehash(scope, known.account.id, password);

  const { id, region } = known.account;
  const { session, refresh } = newSession(id, region, clock.now());
  await ports.sessions.start(region, session);
  // Read once the session is there: a role that is taken away from here on ends it, and before that is not in the record.
  const account = await ports.accounts.find(id);
  if (!account) return { errors: [invalidCredentials()] };
  const tokens = await issueTokens(scope, claimsOf(account, session.id), refresh, session.expiresAt);
  return { user: account, tokens, errors: [] };
};

/** The parameters grew since the password was set: now is the only moment it is known. A failure waits for the next login. */
async function rehash(
  { ports, deadline, log }: Scope<Ports>,
  userId: string,
  password: string,
): Promise<void> {
  try {
    await ports.accounts.updateHash(userId, await ports.passwords.hash(password, deadline));
  } catch (error) {
    log.warn('password hash was not renewed', { userId, ...errorFields(error) });
  }
}
