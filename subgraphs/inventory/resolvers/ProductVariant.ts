import type { ProductVariantResolvers } from '../generated/schema.ts';
import { readStock } from './read-stock.ts';

export const ProductVariant: ProductVariantResolvers = {
  // Any SKU: the catalogue says which exist, here one without stock has none.
  __resolveReference: ({ sku }) => ({ sku }),
  stock: ({ sku }, { region }, scope) => readStock(scope, region ?? scope.caller.region, sku),
};
