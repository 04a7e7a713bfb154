import type { ProductVariantResolvers } from '../generated/schema.ts';
import { pricesOf } from './prices.ts';

export const ProductVariant: ProductVariantResolvers = {
  __resolveReference: ({ sku }) => ({ sku }),
  price: ({ sku }, { region }, scope) => pricesOf(scope, region ?? scope.caller.region).load(sku),
};
