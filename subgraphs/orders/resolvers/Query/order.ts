import type { QueryResolvers } from '../../generated/schema.ts';
import { mayRead, requirePerson } from '../access.ts';
import { loadOrder } from '../loaders.ts';

export const order: NonNullable<QueryResolvers['order']> = async (_, { id }, scope) => {
  requirePerson(scope.caller);
  const found = await loadOrder(scope, id);
  return found && mayRead(scope.caller, found) ? found : null;
};
