import { hasPrefix } from '@aisle/platform/ids';
import type { SellerResolvers } from '../generated/schema.ts';
import { productPage } from './connection.ts';

export const Seller: SellerResolvers = {
  // Whether there is such a seller is for the sellers context to say; one without products has an empty list here.
  __resolveReference: ({ id }) => (hasPrefix(id, 'sel') ? { id } : null),
  products: ({ id }, args, scope) => productPage(scope, { sellerId: id }, args),
};
