import type { Region } from '@aisle/platform/identity';
import { currencyOf, type Money, money } from '@aisle/platform/money';

/** Minor units: the fee of one delivery (tax included), and the goods value from which it is free. */
const TERMS: Readonly<Record<Region, readonly [fee: number, freeFrom: number]>> = {
  us: [599, 4_900],
  eu: [490, 4_500],
  gb: [450, 4_000],
  in: [4_900, 49_900],
  br: [1_290, 14_900],
};

export interface DeliveryTerms {
  readonly region: Region;
  readonly fee: Money;
  readonly freeFrom: Money;
}

export function deliveryTerms(region: Region): DeliveryTerms {
  const [fee, freeFrom] = TERMS[region];
  const currency = currencyOf(region);
  return { region, fee: money(currency, fee), freeFrom: money(currency, freeFrom) };
}

/** What delivering goods of this value (tax included) costs. */
export function deliveryFee(region: Region, goods: Money): Money {
  const { fee, freeFrom } = deliveryTerms(region);
  return goods.minor >= freeFrom.minor ? money(fee.currency, 0) : fee;
}
