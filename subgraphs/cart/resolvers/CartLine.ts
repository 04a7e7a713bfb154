import type { CartLineResolvers } from '../generated/schema.ts';

export const CartLine: CartLineResolvers = {
  variant: ({ sku }) => ({ sku }),
  addedAt: ({ addedAt }) => new Date(addedAt).toISOString(),
};
