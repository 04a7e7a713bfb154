import type { StockChangeResolvers } from '../generated/schema.ts';

export const StockChange: StockChangeResolvers = {
  variant: ({ sku }) => ({ sku }),
  stock: ({ sku, region, levels }) => ({ ...levels, sku, region, live: true }),
  at: ({ at }) => new Date(at).toISOString(),
};
