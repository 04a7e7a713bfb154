import { unauthenticated } from '@aisle/platform/errors';
import type { Caller } from '@aisle/platform/identity';
import type { Order } from '../domain/order.ts';

/** People who work for the marketplace. */
export function isStaff(caller: Caller): boolean {
  return caller.kind === 'user' && (caller.roles.includes('staff') || caller.roles.includes('admin'));
}

/** Only people with an account buy and have a history. @throws UNAUTHENTICATED for visitors and guests */
export function requireUser(caller: Caller): void {
  if (caller.kind !== 'user') throw unauthenticated();
}

/** An order is its buyer's and the staff's; for anybody else it does not exist. */
export function mayRead(caller: Caller, order: Order): boolean {
  return (caller.kind === 'user' && order.content.userId === caller.subject) || isStaff(caller);
}

/** A seller's part of an order is also the seller's. */
export function mayReadPart(caller: Caller, order: Order, sellerId: string): boolean {
  return mayRead(caller, order) || (caller.kind === 'user' && caller.sellerId === sellerId);
}
