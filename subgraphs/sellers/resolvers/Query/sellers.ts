import { badInput, forbidden } from '@aisle/platform/errors';
import { decodeCursor, encodeCursor } from '../../domain/page.ts';
import { nameKey } from '../../domain/profile.ts';
import { isStaff, type Seller } from '../../domain/seller.ts';
import type { QueryResolvers } from '../../generated/schema.ts';

const cursorOf = ({ name, id }: Seller) => encodeCursor({ nameKey: nameKey(name), id });

export const sellers: NonNullable<QueryResolvers['sellers']> = async (_, args, { caller, ports }) => {
  const { first = 20, after, status: asked } = args;
  const status = asked ?? 'APPROVED';
  if (status !== 'APPROVED' && !isStaff(caller))
    throw forbidden('Only staff may see sellers that are not approved.');
  if (first < 1 || first > 100) throw badInput('first must be 1 to 100.', { path: ['first'] });
  const position = after == null ? undefined : decodeCursor(after);
  if (after != null && !position) throw badInput('after is not a cursor of this list.', { path: ['after'] });

  const found = await ports.sellers.list(status, first + 1, position);
  const edges = found.slice(0, first).map((node) => ({ node, cursor: cursorOf(node) }));
  return {
    edges,
    pageInfo: {
      hasNextPage: found.length > first,
      hasPreviousPage: position !== undefined,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
};
