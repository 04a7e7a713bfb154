import { forbidden, unauthenticated } from '@aisle/platform/errors';
import { mayViewUser } from '../../domain/user.ts';
import type { QueryResolvers } from '../../generated/schema.ts';

/** Strangers are refused before anything is looked up: whether the id exists stays unknown to them. */
export const user: NonNullable<QueryResolvers['user']> = async (_, { id }, { caller, ports }) => {
  if (caller.kind !== 'user') throw unauthenticated();
  if (!mayViewUser(caller, id)) throw forbidden();
  return (await ports.accounts.find(id)) ?? null;
};
