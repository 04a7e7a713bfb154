import type { OrderResolvers } from '../generated/schema.ts';
import { paymentsByOrder } from './loaders.ts';
import { maySee } from './viewer.ts';

export const Order: OrderResolvers = {
  __resolveReference: ({ id }) => ({ id }),
  // A stranger's payment looks like none at all.
  async payment({ id }, _, scope) {
    const payment = await paymentsByOrder(scope).load(id);
    return payment && maySee(scope.caller, payment.userId) ? payment : null;
  },
};
