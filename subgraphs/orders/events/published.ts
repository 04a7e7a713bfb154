import { type AisleEvent, createEvent } from '@aisle/platform/bus';
import type { Region } from '@aisle/platform/identity';
import type { Cause, Order } from '../domain/order.ts';
import type { SagaOrder } from '../domain/saga/types.ts';

interface Lines {
  readonly orderId: string;
  readonly userId: string;
  readonly region: Region;
  readonly lines: readonly { readonly sku: string; readonly quantity: number }[];
  readonly total: { readonly currency: string; readonly minor: number };
}

/** Data of each event; additive changes only within a version. */
export interface OrderEvents {
  'OrderPlaced.v1': Lines;
  'OrderConfirmed.v1': Lines;
  /** `reason` is the code of a refusal (`PAYMENT_DECLINED`), or `CANCELLED` when somebody asked for it. */
  'OrderCancelled.v1': {
    readonly orderId: string;
    readonly userId: string;
    readonly region: Region;
    readonly reason: string;
  };
}

type Subject = Pick<SagaOrder, 'id' | 'userId' | 'region'>;

function event<Type extends keyof OrderEvents>(
  type: Type,
  { id, region }: Subject,
  version: number,
  at: number,
  data: OrderEvents[Type],
): AisleEvent<OrderEvents[Type]> {
  return createEvent({ type, producer: 'orders', subject: id, version, data, region }, at);
}

function linesOf(order: SagaOrder): Lines {
  const { id, userId, region, lines, total, currency } = order;
  return { orderId: id, userId, region, lines, total: { currency, minor: total } };
}

export function orderPlaced({ content, version }: Order) {
  const lines = content.lines.map(({ sku, quantity }) => ({ sku, quantity }));
  return event('OrderPlaced.v1', content, version, content.placedAt, linesOf({ ...content, lines }));
}

export function orderConfirmed(order: SagaOrder, version: number, at: number) {
  return event('OrderConfirmed.v1', order, version, at, linesOf(order));
}

export function orderCancelled(order: SagaOrder, version: number, at: number, cause: Cause | null) {
  const { id: orderId, userId, region } = order;
  const reason = cause?.kind === 'refused' ? cause.refusal.code : 'CANCELLED';
  return event('OrderCancelled.v1', order, version, at, { orderId, userId, region, reason });
}
