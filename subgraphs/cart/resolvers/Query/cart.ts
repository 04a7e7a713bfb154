import { ownerOf } from '../../domain/identity.ts';
import type { QueryResolvers } from '../../generated/schema.ts';
import { ownCart } from '../viewer.ts';

export const cart: NonNullable<QueryResolvers['cart']> = (_, _args, scope) => {
  const owner = ownerOf(scope.caller);
  return owner ? ownCart(scope, owner) : null;
};
