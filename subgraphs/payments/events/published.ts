import { type AisleEvent, createEvent } from '@aisle/platform/bus';
import { type Money, money, toWire } from '@aisle/platform/money';
import type { PaymentEvent } from '../domain/decide.ts';
import type { Payment } from '../domain/payment.ts';
import type { Refund } from '../domain/refund.ts';

/** Why a void gives money back: nobody put it in words. */
export const VOID_REASON = 'void';

type WireMoney = ReturnType<typeof toWire>;

export interface PaymentAuthorised {
  readonly orderId: string;
  readonly paymentId: string;
}
export interface PaymentCompleted extends PaymentAuthorised {
  readonly amount: WireMoney;
}
export interface PaymentFailed extends PaymentAuthorised {
  readonly code: string;
}
export interface RefundIssued extends PaymentAuthorised {
  readonly refundId: string;
  readonly amount: WireMoney;
  readonly reason: string;
}

function event<Data>(
  type: string,
  { id, region, version }: Payment,
  data: Data,
  now: number,
): AisleEvent<Data> {
  return createEvent({ type, producer: 'payments', subject: id, version, region, data }, now);
}

/**
 * What the world is told of a change; `payment` is as it is after it. `direct`: the change is the answer to the
 * command that waits for it, so an authorisation is not news to anyone.
 */
export function factsOf(
  payment: Payment,
  changes: readonly PaymentEvent[],
  direct: boolean,
  now: number,
): AisleEvent[] {
  const { id: paymentId, orderId } = payment;
  return changes.flatMap((change): AisleEvent[] => {
    switch (change.kind) {
      case 'authorised':
        return direct
          ? []
          : [event('PaymentAuthorised.v1', payment, { orderId, paymentId } satisfies PaymentAuthorised, now)];
      case 'captured': {
        const amount = toWire(money(payment.amount.currency, change.amount));
        return [
          event(
            'PaymentCompleted.v1',
            payment,
            { orderId, paymentId, amount } satisfies PaymentCompleted,
            now,
          ),
        ];
      }
      case 'declined':
      case 'capture-refused': {
        const { code } = change.failure;
        return [
          event('PaymentFailed.v1', payment, { orderId, paymentId, code } satisfies PaymentFailed, now),
        ];
      }
      case 'given-back': {
        const amount = money(payment.amount.currency, change.amount);
        return change.amount === 0n ? [] : [refunded(payment, change.refundId, amount, VOID_REASON, now)];
      }
      default:
        return [];
    }
  });
}

export function refundIssued(payment: Payment, refund: Refund, now: number): AisleEvent<RefundIssued> {
  return refunded(payment, refund.id, refund.amount, refund.reason, now);
}

function refunded(
  payment: Payment,
  refundId: string,
  amount: Money,
  reason: string,
  now: number,
): AisleEvent<RefundIssued> {
  const { id: paymentId, orderId } = payment;
  return event(
    'RefundIssued.v1',
    payment,
    { orderId, paymentId, refundId, amount: toWire(amount), reason },
    now,
  );
}
