import type { QueryResolvers } from '../../generated/schema.ts';
import { requirePerson } from '../access.ts';
import { connection, readPage } from '../pages.ts';

export const orders: NonNullable<QueryResolvers['orders']> = async (_, args, { caller, ports }) => {
  requirePerson(caller);
  const page = readPage(args);
  const found = await ports.orders.ofUser(caller.region, caller.subject, page);
  return connection(found, page, (order) => order);
};
