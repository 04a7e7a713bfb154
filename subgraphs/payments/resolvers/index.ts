import type { Resolvers } from '../generated/schema.ts';
import { addPaymentMethod } from './Mutation/addPaymentMethod.ts';
import { authorisePayment } from './Mutation/authorisePayment.ts';
import { capturePayment } from './Mutation/capturePayment.ts';
import { refundPayment } from './Mutation/refundPayment.ts';
import { removePaymentMethod } from './Mutation/removePaymentMethod.ts';
import { voidPayment } from './Mutation/voidPayment.ts';
import { Order } from './Order.ts';
import { Payment } from './Payment.ts';
import { PaymentMethod } from './PaymentMethod.ts';
import { hasPaymentMethod } from './Query/hasPaymentMethod.ts';
import { paymentMethods } from './Query/paymentMethods.ts';
import { Refund } from './Refund.ts';

export const resolvers: Resolvers = {
  Query: { paymentMethods, hasPaymentMethod },
  Mutation: {
    addPaymentMethod,
    removePaymentMethod,
    authorisePayment,
    capturePayment,
    voidPayment,
    refundPayment,
  },
  Order,
  Payment,
  PaymentMethod,
  Refund,
};
