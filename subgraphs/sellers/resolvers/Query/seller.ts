import { mayView } from '../../domain/seller.ts';
import type { QueryResolvers } from '../../generated/schema.ts';

export const seller: NonNullable<QueryResolvers['seller']> = async (_, { id }, { caller, ports }) => {
  const found = await ports.sellers.find(id);
  return found && mayView(caller, found) ? found : null;
};
