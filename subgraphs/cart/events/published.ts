import { type AisleEvent, createEvent } from '@aisle/platform/bus';
import type { Cart, Line } from '../domain/cart.ts';

export interface CartAbandoned {
  readonly cartId: string;
  readonly owner: string;
  readonly lines: readonly Line[];
}

/** A cart with something in it was left behind. `now` is epoch milliseconds. */
export function cartAbandoned(
  { id, owner, region, version, lines }: Cart,
  now: number,
): AisleEvent<CartAbandoned> {
  const data = { cartId: id, owner, lines: lines.map(({ sku, quantity }) => ({ sku, quantity })) };
  return createEvent({ type: 'CartAbandoned.v1', producer: 'cart', subject: id, version, region, data }, now);
}
