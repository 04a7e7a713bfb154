import type { PaymentMethodResolvers } from '../generated/schema.ts';
import { maySee } from './viewer.ts';

export const PaymentMethod: PaymentMethodResolvers = {
  async __resolveReference({ id }, { ports, caller }) {
    const method = await ports.methods.find(id);
    return method && maySee(caller, method.userId) ? method : null;
  },
  createdAt: ({ createdAt }) => new Date(createdAt).toISOString(),
};
