import { requireService } from '@aisle/platform/service';
import type { QueryResolvers } from '../../generated/schema.ts';
import { reading } from '../or-unavailable.ts';

export const quoteSnapshot: NonNullable<QueryResolvers['quoteSnapshot']> = async (_, { id }, scope) => {
  requireService(scope, ['orders', 'cart']);
  return (await reading(() => scope.ports.quotes.find(id, scope.clock.now()))) ?? null;
};
