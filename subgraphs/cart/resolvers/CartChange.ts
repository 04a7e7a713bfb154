import type { CartChangeResolvers } from '../generated/schema.ts';

export const CartChange: CartChangeResolvers = {
  at: ({ at }) => new Date(at).toISOString(),
};
