import { unavailable } from '@aisle/platform/errors';
import { regionOf } from '@aisle/platform/ids';
import { ShopUnavailable } from '../calls/shop.ts';
import { isCheckingOut, itemCount } from '../domain/cart.ts';
import { cartIdOf, ownerOf } from '../domain/identity.ts';
import type { CartResolvers } from '../generated/schema.ts';
import { quoteOf } from './quotes.ts';
import { ownCart } from './viewer.ts';

export const Cart: CartResolvers = {
  /** Only the caller's own cart, by whatever path it is asked for; anybody else's is as if it did not exist. */
  __resolveReference: ({ id }, scope) => {
    const owner = ownerOf(scope.caller);
    const region = regionOf(id, 'crt');
    return owner && region && id === cartIdOf(owner, region) ? ownCart(scope, owner, region) : null;
  },
  itemCount,
  quote: async (cart, _, scope) => {
    if (cart.lines.length === 0) return null;
    try {
      const quote = await quoteOf(scope, cart);
      return 'id' in quote ? quote : null;
    } catch (error) {
      if (error instanceof ShopUnavailable) throw unavailable('Prices cannot be read just now.', error);
      throw error;
    }
  },
  checkingOut: (cart, _, { clock }) => isCheckingOut(cart, clock.now()),
  updatedAt: ({ updatedAt }) => (updatedAt === null ? null : new Date(updatedAt).toISOString()),
};
