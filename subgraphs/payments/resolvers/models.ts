/** What resolvers pass around for the schema's types of the same name. */
import type { SavedMethod } from '../domain/method.ts';
import type { Payment as StoredPayment } from '../domain/payment.ts';
import type { Refund as StoredRefund } from '../domain/refund.ts';

export type Payment = StoredPayment;
export type PaymentMethod = SavedMethod;
export type Refund = StoredRefund;
export interface Order {
  readonly id: string;
}
