import { type Money, toWire } from '@aisle/platform/money';
import type { Status } from './payment.ts';

/** Expected refusals, as the schema types them. */
const refusal = <Name extends string, More extends object>(
  __typename: Name,
  code: string,
  message: string,
  path: readonly string[],
  more: More,
) => ({ __typename, code, message, path: [...path], ...more });

export const invalidInput = (message: string, path: readonly string[]) =>
  refusal('InvalidInput', 'INVALID_INPUT', message, path, {});

export const notFound = (message: string, path: readonly string[]) =>
  refusal('NotFound', 'NOT_FOUND', message, path, {});

export const unavailable = (message: string) => refusal('Unavailable', 'UNAVAILABLE', message, ['input'], {});

export const keyReused = (message: string, path: readonly string[]) =>
  refusal('IdempotencyKeyReused', 'IDEMPOTENCY_KEY_REUSED', message, path, {});

export const stateConflict = (status: Status) =>
  refusal(
    'PaymentStateConflict',
    'PAYMENT_STATE_CONFLICT',
    `The payment is ${status}.`,
    ['input', 'orderId'],
    { status },
  );

export const captureRefused = (declineCode: string, message: string) =>
  refusal('CaptureRefused', 'CAPTURE_REFUSED', message, ['input', 'orderId'], { declineCode });

export const refundTooLarge = (refundable: Money) =>
  refusal(
    'RefundTooLarge',
    'REFUND_TOO_LARGE',
    'That is more than can still be refunded.',
    ['input', 'amount'],
    {
      refundable: toWire(refundable),
    },
  );

export const refundRefused = (message: string) =>
  refusal('RefundRefused', 'REFUND_REFUSED', message, ['input'], {});

export const methodRefused = (declineCode: string, message: string) =>
  refusal('PaymentMethodRefused', 'PAYMENT_METHOD_REFUSED', message, ['input', 'token'], { declineCode });
