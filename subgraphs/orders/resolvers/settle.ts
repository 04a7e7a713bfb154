import { setTimeout as delay } from 'node:timers/promises';
import type { Scope } from '@aisle/platform/service';
import { evolve, type Order } from '../domain/order.ts';
import type { OrderSaga } from '../domain/saga/types.ts';
import type { Ports } from '../store/index.ts';

/** What is left of an operation's time for writing the answer, milliseconds. */
const MARGIN_MS = 500;

/** How long the answer of a bought order waits for the cart to be emptied, milliseconds. */
const CART_MS = 1_000;

/** An order that is not on its way anywhere: its saga is over or waits for the buyer. */
export function isSettled({ state }: Order): boolean {
  return state.status !== 'PENDING' && state.status !== 'CANCELLING';
}

const timeLeft = (scope: Scope<Ports>) =>
  Math.max(0, Math.min(scope.ports.config.waitMs, scope.deadline - scope.clock.now() - MARGIN_MS));

/** Begins an order's saga and waits for its outcome, bounded. @returns the order as far as it came by then */
export async function beginAndSettle(scope: Scope<Ports>, placed: Order, saga: OrderSaga): Promise<Order> {
  let order = placed;
  const end = performance.now() + timeLeft(scope);
  const { promise: isOver, resolve: over } = Promise.withResolvers<void>();
  const timer = setTimeout(over, timeLeft(scope));
  const driven = scope.ports.sagas.begin(saga, (_, facts) => {
    for (const { fact, at } of facts) order = evolve(order, fact, at);
    // Bought: what is left is to empty the cart, and a shopper who looks at it now should find it empty.
    if (isSettled(order)) setTimeout(over, CART_MS).unref();
  });
  void driven.then(() => over());
  await isOver;
  clearTimeout(timer);
  // Not settled here: parked for another try, or taken over, and settled elsewhere or later.
  return isSettled(order) ? order : settle(scope, order.content.id, Math.max(0, end - performance.now()));
}

/** Waits, bounded, for the outcome of an order whose saga runs elsewhere. @throws when the order is gone */
export async function settle(scope: Scope<Ports>, orderId: string, waitMs = timeLeft(scope)): Promise<Order> {
  const end = performance.now() + waitMs;
  for (let pause = 15; ; pause = Math.min(pause * 1.5, 300)) {
    const order = await scope.ports.orders.find(orderId);
    if (!order) throw new Error(`Order ${orderId} was stored and is not there.`);
    if (isSettled(order) || performance.now() + pause > end) return order;
    await delay(pause, undefined, { signal: scope.signal });
  }
}
