import { notNow } from '@aisle/platform/errors';
import { newId } from '@aisle/platform/ids';
import { emailTaken } from '../../domain/refusal.ts';
import { checkRegistration } from '../../domain/registration.ts';
import type { MutationResolvers } from '../../generated/schema.ts';
import { BusyError } from '../../store/index.ts';
import { claimsOf, issueTokens, newSession } from '../session-tokens.ts';

export const register: NonNullable<MutationResolvers['register']> = async (_, { input }, scope) => {
  const { ports, clock, deadline } = scope;
  const { registration, errors } = checkRegistration(input);
  if (!registration) return { errors };
  const { email, name, password } = registration;
  if (await ports.accounts.isTaken(email)) return { errors: [emailTaken()] };

  let passwordHash: string;
  try {
    passwordHash = await ports.passwords.hash(password, deadline);
  } catch (error) {
    if (error instanceof BusyError)
      return { errors: [notNow('Too many people are signing up at this moment. Try again.')] };
    throw error;
  }
  const now = clock.now();
  const { region } = input;
  const account = { id: newId('usr', region, now), email, name, region, createdAt: new Date(now) };
  const { session, refresh } = newSession(account.id, region, now);
  if (!(await ports.accounts.register({ ...account, passwordHash }, session)))
    return { errors: [emailTaken()] };

  const user = { ...account, roles: ['customer'] as const, sellerId: null, version: 1 };
  const tokens = await issueTokens(scope, claimsOf(user, session.id), refresh, session.expiresAt);
  return { user, tokens, errors: [] };
};
