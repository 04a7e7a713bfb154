import { BrokenPromise } from './shop-error.ts';
import { formatMoney, type Order } from './types.ts';

/** What the marketplace keeps of the buyer's money, minor units. */
export const kept = ({ payment }: Order): number =>
  payment ? payment.captured.minor - payment.refunded.minor : 0;

/** Bought ⇔ charged exactly its total; taken back ⇒ nothing is kept. @throws BrokenPromise */
export function checkCharge(order: Order): void {
  const { id, status, total } = order;
  const expected = status === 'CANCELLED' ? 0 : total.minor;
  if (kept(order) === expected) return;
  const charged = formatMoney({ currency: total.currency, minor: kept(order) });
  throw new BrokenPromise(
    `The order ${id} is ${status} with a total of ${formatMoney(total)}, and ${charged} was charged.`,
  );
}

export function check(holds: boolean, promise: string): void {
  if (!holds) throw new BrokenPromise(promise);
}
