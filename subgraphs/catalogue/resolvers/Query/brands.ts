import { badInput } from '@aisle/platform/errors';
import { decodeCursor, pageOf, toPage } from '../../domain/product-list.ts';
import type { QueryResolvers } from '../../generated/schema.ts';
import { brands as allBrands } from '../loaders.ts';

export const brands: NonNullable<QueryResolvers['brands']> = async (_, args, scope) => {
  const page = pageOf({ first: args.first }, 'BRANDS');
  const { all, byId } = await allBrands(scope);
  const after = args.after == null ? null : decodeCursor('BRANDS', args.after, 'after');
  const last = after === null ? undefined : byId(after);
  if (after !== null && !last) throw badInput('`after` is not a cursor of this list.', { argument: 'after' });
  const start = last ? all.indexOf(last) + 1 : 0;
  return toPage(all.slice(start, start + page.limit + 1), { ...page, after });
};
