import type { NewEvent } from '@aisle/platform/bus';
import { toWire } from '@aisle/platform/money';
import type { Price } from '../domain/price.ts';

export interface PriceChanged {
  readonly sku: string;
  readonly region: string;
  readonly price: { readonly currency: string; readonly minor: number };
  readonly taxClass: string;
  readonly version: number;
}

/** A variant costs something else in a region from now on. */
export function priceChanged(price: Price): NewEvent<PriceChanged> {
  const { sku, region, amount, taxClass, version } = price;
  return {
    producer: 'pricing',
    type: 'PriceChanged.v1',
    subject: `${sku}/${region}`,
    version,
    region,
    data: { sku, region, price: toWire(amount), taxClass, version },
  };
}
