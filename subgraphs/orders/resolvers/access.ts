import { forbidden, unauthenticated } from '@aisle/platform/errors';
import { type Caller, hasScope } from '@aisle/platform/identity';
import type { Order } from '../domain/order.ts';

/** Somebody who signed in: not a program with a seller's API key. */
const isPerson = ({ kind, scopes }: Caller) => kind === 'user' && scopes === undefined;

/** People who work for the marketplace. */
export function isStaff(caller: Caller): boolean {
  return isPerson(caller) && (caller.roles.includes('staff') || caller.roles.includes('admin'));
}

/** People with an account, and programs of sellers. @throws UNAUTHENTICATED for visitors and guests */
export function requireUser(caller: Caller): void {
  if (caller.kind !== 'user') throw unauthenticated();
}

/** Only people buy, and have a history. @throws UNAUTHENTICATED for visitors and guests, FORBIDDEN for programs */
export function requirePerson(caller: Caller): void {
  requireUser(caller);
  if (!isPerson(caller)) throw forbidden('An API key cannot buy.');
}

/** An order is its buyer's and the staff's; for anybody else it does not exist. */
export function mayRead(caller: Caller, order: Order): boolean {
  return (isPerson(caller) && order.content.userId === caller.subject) || isStaff(caller);
}

/** The seller's own people, and programs whose API key may read orders. */
export function sellsAs(caller: Caller, sellerId: string): boolean {
  return caller.kind === 'user' && caller.sellerId === sellerId && hasScope(caller, 'ORDERS_READ');
}

/** A seller's part of an order is also the seller's. */
export function mayReadPart(caller: Caller, order: Order, sellerId: string): boolean {
  return mayRead(caller, order) || sellsAs(caller, sellerId);
}
