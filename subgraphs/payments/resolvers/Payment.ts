import { money, toWire } from '@aisle/platform/money';
import { failureOf, statusOf } from '../domain/payment.ts';
import type { PaymentResolvers } from '../generated/schema.ts';
import { ProviderError } from '../store/index.ts';
import { refundsByOrder } from './loaders.ts';
import { waitOf } from './viewer.ts';

export const Payment: PaymentResolvers = {
  status: statusOf,
  amount: ({ amount }) => toWire(amount),
  captured: ({ amount, captured }) => toWire(money(amount.currency, captured)),
  refunded: ({ amount, refunded }) => toWire(money(amount.currency, refunded)),
  failure: ({ state }) => failureOf(state) ?? null,
  refunds: ({ orderId, captured }, _, scope) => (captured === 0n ? [] : refundsByOrder(scope).load(orderId)),
  createdAt: ({ createdAt }) => new Date(createdAt).toISOString(),
  updatedAt: ({ updatedAt }) => new Date(updatedAt).toISOString(),
  /** Asked of the provider each time: whoever holds the secret can confirm the payment, so it is not stored. */
  async nextAction(payment, _, scope) {
    if (payment.state.kind !== 'action-required') return null;
    try {
      const found = await scope.ports.provider.find(payment, waitOf(scope));
      return found?.action ?? null;
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      scope.log.warn('next action not known', { orderId: payment.orderId, error: error.message });
      return null;
    }
  },
};
