import { badInput } from '@aisle/platform/errors';
import { requireService } from '@aisle/platform/service';
import type { QueryResolvers } from '../../generated/schema.ts';

const MAX_IDS = 200;
const CALLERS = ['orders', 'payments', 'catalogue', 'pricing', 'inventory', 'cart'];

export const sellerSnapshots: NonNullable<QueryResolvers['sellerSnapshots']> = async (_, { ids }, scope) => {
  requireService(scope, CALLERS);
  if (ids.length > MAX_IDS) throw badInput(`At most ${MAX_IDS} ids.`);
  const distinct = [...new Set(ids)];
  const found = await scope.ports.sellers.findMany(distinct);
  return distinct.flatMap((id) => found.get(id) ?? []);
};
