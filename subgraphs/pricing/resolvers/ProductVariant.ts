import { hasPrefix } from '@aisle/platform/ids';
import type { ProductVariantResolvers } from '../generated/schema.ts';
import { pricesOf } from './prices.ts';

export const ProductVariant: ProductVariantResolvers = {
  __resolveReference: ({ sku }) => ({ sku }),
  price({ sku }, args, scope) {
    if (!hasPrefix(sku, 'sku')) return null;
    const region = args.region ?? scope.caller.region;
    const known = scope.ports.prices.peek(region, sku);
    // What is in memory costs no turn of the event loop.
    return known === undefined ? pricesOf(scope, region).load(sku) : known;
  },
};
