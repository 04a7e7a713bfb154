import { unavailable } from '@aisle/platform/errors';
import { cartIdOf } from '../../domain/identity.ts';
import type { QueryResolvers } from '../../generated/schema.ts';
import { requireOwner } from '../viewer.ts';

export const cartCursor: NonNullable<QueryResolvers['cartCursor']> = async (_, _args, { caller, ports }) => {
  const id = cartIdOf(requireOwner(caller), caller.region);
  try {
    return await ports.changes.now(caller.region, id);
  } catch (error) {
    throw unavailable('The cart cannot be followed just now.', error);
  }
};
