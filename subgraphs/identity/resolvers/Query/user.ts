import { forbidden } from '@aisle/platform/errors';
import { mayViewUser } from '../../domain/user.ts';
import type { QueryResolvers } from '../../generated/schema.ts';
import { signedIn } from '../viewer.ts';

/** Strangers are refused before anything is looked up: whether the id exists stays unknown to them. */
export const user: NonNullable<QueryResolvers['user']> = async (_, { id }, scope) => {
  const viewer = await signedIn(scope);
  if (!mayViewUser(viewer, id)) throw forbidden();
  return (await scope.ports.accounts.find(id)) ?? null;
};
