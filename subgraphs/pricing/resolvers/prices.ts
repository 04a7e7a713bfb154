import type { Region } from '@aisle/platform/identity';
import type { Scope } from '@aisle/platform/service';
import DataLoader from 'dataloader';
import type { Price } from '../domain/price.ts';
import { pricesHold, type Quote } from '../domain/quote.ts';
import type { Ports } from '../store/index.ts';
import { reading } from './or-unavailable.ts';

const LOADERS = {};

/** The prices of one operation and region, fetched together. */
export function pricesOf(scope: Scope<Ports>, region: Region): DataLoader<string, Price | null> {
  const loaders = scope.once(LOADERS, () => new Map<Region, DataLoader<string, Price | null>>());
  let loader = loaders.get(region);
  if (!loader) {
    loader = new DataLoader(async (skus: readonly string[]) => {
      const found = await reading(() => scope.ports.prices.get(region, skus));
      return skus.map((sku) => found.get(sku) ?? null);
    });
    loaders.set(region, loader);
  }
  return loader;
}

/** Whether an order can be placed on a quote now; one that it is locked for already is not asked about here. */
export async function isCurrent(quote: Quote, scope: Scope<Ports>): Promise<boolean> {
  if (quote.expiresAt <= scope.clock.now()) return false;
  const skus = quote.lines.map((line) => line.sku);
  return pricesHold(quote, await reading(() => scope.ports.prices.get(quote.region, skus)));
}
