import { badInput, forbidden } from '@aisle/platform/errors';
import { hasPrefix } from '@aisle/platform/ids';
import type { QueryResolvers } from '../../generated/schema.ts';
import { isStaff, requireUser, sellsAs } from '../access.ts';
import { connection, readPage } from '../pages.ts';
import { partsOf } from '../seller-parts.ts';

export const sellerOrders: NonNullable<QueryResolvers['sellerOrders']> = async (
  _,
  args,
  { caller, ports },
) => {
  requireUser(caller);
  const sellerId = args.sellerId ?? caller.sellerId;
  if (!sellerId) throw isStaff(caller) ? badInput('Say which seller.') : forbidden();
  if (!sellsAs(caller, sellerId) && !isStaff(caller)) throw forbidden();
  if (!hasPrefix(sellerId, 'sel')) throw badInput('This is not the id of a seller.');
  const page = readPage(args);
  const found = await ports.orders.ofSeller(args.region ?? caller.region, sellerId, page);
  // Only the seller's own part leaves this field, whatever else the order holds.
  return connection(found, page, (order) => partsOf(order).find((part) => part.sellerId === sellerId)!);
};
