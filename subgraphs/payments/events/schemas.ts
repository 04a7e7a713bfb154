import { z } from '@aisle/platform/config';

const money = z.object({ currency: z.string().length(3), minor: z.int() });
const payment = z.object({ orderId: z.string(), paymentId: z.string() });

/** Data of each event this context publishes. Within a version they only grow: the schema check holds them to that. */
export const EVENTS = {
  'PaymentAuthorised.v1': payment,
  'PaymentCompleted.v1': payment.extend({ amount: money }),
  'PaymentFailed.v1': payment.extend({ code: z.string() }),
  'RefundIssued.v1': payment.extend({ refundId: z.string(), amount: money, reason: z.string() }),
} as const;
