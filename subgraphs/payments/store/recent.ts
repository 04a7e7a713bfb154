import type { Payment } from '../domain/payment.ts';

/**
 * Payments as this process stored them last, so that the capture that follows an authorisation reads nothing.
 * Never the truth: what is stored from it is refused by its version when somebody else was faster.
 */
export interface Recent {
  get(orderId: string): Payment | undefined;
  set(payment: Payment): void;
  forget(orderId: string): void;
}

export function createRecent(limit = 5_000): Recent {
  const payments = new Map<string, Payment>();
  return {
    get: (orderId) => payments.get(orderId),
    set(payment) {
      payments.delete(payment.orderId);
      payments.set(payment.orderId, payment);
      if (payments.size > limit) payments.delete(payments.keys().next().value!);
    },
    forget: (orderId) => void payments.delete(orderId),
  };
}
