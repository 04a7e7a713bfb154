import { hasPrefix } from '@aisle/platform/ids';
import { requireService } from '@aisle/platform/service';
import type { QueryResolvers } from '../../generated/schema.ts';

export const hasPaymentMethod: NonNullable<QueryResolvers['hasPaymentMethod']> = async (
  _,
  { id, userId },
  scope,
) => {
  requireService(scope, ['orders']);
  const saved = hasPrefix(id, 'pmt') ? await scope.ports.methods.find(id) : undefined;
  return saved?.userId === userId;
};
