import { refusal } from '@aisle/platform/errors';
import { type Money, toWire } from '@aisle/platform/money';
import type { Status } from './payment.ts';

const conflict = refusal('PaymentStateConflict', 'PAYMENT_STATE_CONFLICT');
export const stateConflict = (status: Status) => ({
  ...conflict(`The payment is ${status}.`, 'orderId'),
  status,
});

const uncaptured = refusal('CaptureRefused', 'CAPTURE_REFUSED');
export const captureRefused = (declineCode: string, message: string) => ({
  ...uncaptured(message, 'orderId'),
  declineCode,
});

const tooLarge = refusal('RefundTooLarge', 'REFUND_TOO_LARGE');
export const refundTooLarge = (refundable: Money) => ({
  ...tooLarge('That is more than can still be refunded.', 'amount'),
  refundable: toWire(refundable),
});

export const refundRefused = refusal('RefundRefused', 'REFUND_REFUSED');

const methodless = refusal('PaymentMethodRefused', 'PAYMENT_METHOD_REFUSED');
export const methodRefused = (declineCode: string, message: string) => ({
  ...methodless(message, 'token'),
  declineCode,
});
