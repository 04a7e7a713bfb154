import type { Store } from './store.ts';
import type { Charge, PaymentIntent, Refund } from './types.ts';

/** A payment of the past, as seed data has it: taken, and perhaps given back. */
export interface PastPayment {
  readonly id: string;
  readonly orderId: string;
  readonly paymentId: string;
  readonly currency: string;
  readonly amount: number;
  readonly refunded: number;
  /** Epoch milliseconds. */
  readonly createdAt: number;
}

/** Puts past payments into the books, quietly; those that are there stay as they are. @returns how many were new */
export function importHistory(store: Store, payments: readonly PastPayment[]): number {
  const fresh = payments.filter(({ id }) => !store.get('payment_intent', id));
  for (const payment of fresh) store.put(...objectsOf(payment));
  store.flush();
  return fresh.length;
}

function objectsOf({
  id,
  orderId,
  paymentId,
  currency: given,
  amount,
  refunded,
  createdAt,
}: PastPayment): (PaymentIntent | Charge | Refund)[] {
  const created = Math.floor(createdAt / 1000);
  const currency = given.toLowerCase();
  const tail = id.slice(3);
  const shared = {
    created,
    currency,
    customer: null,
    livemode: false as const,
    metadata: { order_id: orderId, payment_id: paymentId },
    payment_method: 'pm_card_visa',
  };
  const intent: PaymentIntent = {
    ...shared,
    id,
    object: 'payment_intent',
    amount,
    amount_capturable: 0,
    amount_received: amount,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: 'manual',
    client_secret: `${id}_secret_${tail}`,
    confirmation_method: 'automatic',
    description: null,
    last_payment_error: null,
    latest_charge: `ch_${tail}`,
    next_action: null,
    payment_method_types: ['card'],
    status: 'succeeded',
  };
  const charge: Charge = {
    ...shared,
    id: `ch_${tail}`,
    object: 'charge',
    amount,
    amount_captured: amount,
    amount_refunded: refunded,
    captured: true,
    failure_code: null,
    failure_message: null,
    paid: true,
    payment_intent: id,
    refunded: refunded === amount,
    status: 'succeeded',
  };
  if (refunded === 0) return [intent, charge];
  const refund: Refund = {
    ...{ created, currency, livemode: false, metadata: shared.metadata },
    id: `re_${tail}`,
    object: 'refund',
    amount: refunded,
    charge: charge.id,
    payment_intent: id,
    reason: null,
    status: 'succeeded',
  };
  return [intent, charge, refund];
}
