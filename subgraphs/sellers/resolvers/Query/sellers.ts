import { badInput, forbidden } from '@aisle/platform/errors';
import { checkFirst, connectionOf } from '@aisle/platform/paging';
import { decodeCursor, encodeCursor } from '../../domain/page.ts';
import { nameKey } from '../../domain/profile.ts';
import { isStaff, type Seller } from '../../domain/seller.ts';
import type { QueryResolvers } from '../../generated/schema.ts';

const cursorOf = ({ name, id }: Seller) => encodeCursor({ nameKey: nameKey(name), id });

export const sellers: NonNullable<QueryResolvers['sellers']> = async (_, args, { caller, ports }) => {
  const { after, status: asked } = args;
  const status = asked ?? 'APPROVED';
  if (status !== 'APPROVED' && !isStaff(caller))
    throw forbidden('Only staff may see sellers that are not approved.');
  const first = checkFirst(args.first ?? 20);
  const position = after == null ? undefined : decodeCursor(after);
  if (after != null && !position) throw badInput('after is not a cursor of this list.', { path: ['after'] });

  const found = await ports.sellers.list(status, first + 1, position);
  return connectionOf(found, { first, after }, cursorOf, (seller) => seller);
};
