import type { Order } from '../domain/order.ts';
import type { SellerOrder } from './models.ts';

/** All sellers' parts of an order. */
export function partsOf(order: Order): SellerOrder[] {
  return order.content.parts.map((part, position) => ({ ...part, order, position }));
}

/** `sor_<region>_<the order's tail>x<position>`: the order is found from it. */
export function partId({ order, position }: SellerOrder): string {
  return `${order.content.id.replace('ord_', 'sor_')}x${position.toString().padStart(2, '0')}`;
}

/** @returns undefined for anything that is not the id of a part */
export function readPartId(id: string): { orderId: string; position: number } | undefined {
  const match = /^sor_([a-z]{2}_[0-9a-z]{4,37})x(\d{2,3})$/.exec(id);
  return match ? { orderId: `ord_${match[1]}`, position: Number(match[2]) } : undefined;
}
