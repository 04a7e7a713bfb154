import type { OrderProgressResolvers } from '../generated/schema.ts';
import { loadOrder } from './loaders.ts';

export const OrderProgress: OrderProgressResolvers = {
  async order({ orderId }, _, scope) {
    const order = await loadOrder(scope, orderId);
    if (!order) throw new Error(`Order ${orderId} has a step and is not there.`);
    return order;
  },
  at: ({ at }) => new Date(at).toISOString(),
};
