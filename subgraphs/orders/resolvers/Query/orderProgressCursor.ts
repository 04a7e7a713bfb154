import type { QueryResolvers } from '../../generated/schema.ts';
import { requirePerson } from '../access.ts';

export const orderProgressCursor: NonNullable<QueryResolvers['orderProgressCursor']> = (
  _,
  { orderId },
  { caller, ports },
) => {
  requirePerson(caller);
  return orderId == null ? ports.progress.now(caller.region) : null;
};
