import { requireService } from '@aisle/platform/service';
import type { QueryResolvers } from '../../generated/schema.ts';

export const addressSnapshot: NonNullable<QueryResolvers['addressSnapshot']> = async (
  _,
  { userId, addressId },
  scope,
) => {
  requireService(scope, ['orders']);
  const address = await scope.ports.addresses.find(addressId);
  return address?.userId === userId ? address : null;
};
