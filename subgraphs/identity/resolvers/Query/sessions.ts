import type { QueryResolvers } from '../../generated/schema.ts';
import { signedIn } from '../viewer.ts';

export const sessions: NonNullable<QueryResolvers['sessions']> = async (_, _args, scope) => {
  const { subject } = await signedIn(scope);
  return scope.ports.sessions.list(subject, new Date(scope.clock.now()));
};
