import { allocate, basisPoints, type Currency, money } from '@aisle/platform/money';
import type { OrderLine, SellerPart, Totals } from './order.ts';

/**
 * Splits an order by seller, in integers: `net + tax + delivery − discount = total = Σ shares + fee`.
 * A seller's fee is a share (basis points) of its net price, rounded half away from zero, and never more than what is
 * left after the discount. The discount is spread over the sellers by what they sell. Delivery is the marketplace's.
 * @throws RangeError when lines and totals do not belong together: such an order must never be charged
 */
export function splitBySeller(
  currency: Currency,
  lines: readonly OrderLine[],
  totals: Totals,
  fees: ReadonlyMap<string, number>,
): { readonly parts: SellerPart[]; readonly fee: number } {
  checkSums(lines, totals);
  const bySeller = new Map<string, { net: number; tax: number }>();
  for (const line of lines) {
    const part = bySeller.get(line.sellerId) ?? { net: 0, tax: 0 };
    bySeller.set(line.sellerId, { net: part.net + line.net, tax: part.tax + line.tax });
  }
  const entries = [...bySeller].sort(([a], [b]) => (a < b ? -1 : 1));
  const discounts = spread(currency, totals.discount, entries);
  const parts = entries.map(([sellerId, { net, tax }], index): SellerPart => {
    const discount = discounts[index]!;
    const left = net + tax - discount;
    const fee = Math.min(Number(basisPoints(money(currency, net), bpsOf(fees, sellerId)).minor), left);
    return { sellerId, net, tax, discount, fee, share: left - fee };
  });
  const fee = totals.delivery + parts.reduce((sum, part) => sum + part.fee, 0);
  return { parts, fee };
}

function spread(
  currency: Currency,
  discount: number,
  entries: readonly (readonly [string, { net: number; tax: number }])[],
): number[] {
  if (discount === 0) return entries.map(() => 0);
  const weights = entries.map(([, { net, tax }]) => BigInt(net + tax));
  return allocate(money(currency, discount), weights).map((amount) => Number(amount.minor));
}

function checkSums(lines: readonly OrderLine[], totals: Totals): void {
  const { net, tax, delivery, discount, total } = totals;
  const amounts = [
    net,
    tax,
    delivery,
    discount,
    total,
    ...lines.flatMap((line) => [line.net, line.tax, line.gross]),
  ];
  const sums = lines.reduce((sum, line) => ({ net: sum.net + line.net, tax: sum.tax + line.tax }), {
    net: 0,
    tax: 0,
  });
  const isConsistent =
    amounts.every((amount) => Number.isSafeInteger(amount) && amount >= 0) &&
    lines.every((line) => line.net + line.tax === line.gross) &&
    sums.net === net &&
    sums.tax === tax &&
    net + tax + delivery - discount === total;
  if (!isConsistent) throw new RangeError('The lines of the quote and its totals do not add up.');
}

function bpsOf(fees: ReadonlyMap<string, number>, sellerId: string): number {
  const bps = fees.get(sellerId);
  if (bps === undefined) throw new RangeError(`No fee is agreed with ${sellerId}.`);
  return bps;
}
