import type { QueryResolvers } from '../../generated/schema.ts';
import { isPerson, signedIn } from '../viewer.ts';

/** Guests, visitors and programs with an API key are nobody here; an ended session is an error. */
export const me: NonNullable<QueryResolvers['me']> = async (_, _args, scope) => {
  if (!isPerson(scope.caller)) return null;
  const { subject } = await signedIn(scope);
  return (await scope.ports.accounts.find(subject)) ?? null;
};
