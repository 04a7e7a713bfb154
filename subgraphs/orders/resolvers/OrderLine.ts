import type { OrderLineResolvers } from '../generated/schema.ts';

export const OrderLine: OrderLineResolvers = {
  unitPrice: ({ currency, unitPrice: minor }) => ({ currency, minor }),
  net: ({ currency, net: minor }) => ({ currency, minor }),
  tax: ({ currency, tax: minor }) => ({ currency, minor }),
  taxRateBps: ({ taxBps }) => taxBps,
  total: ({ currency, gross: minor }) => ({ currency, minor }),
  variant: ({ sku }) => ({ sku }),
  seller: ({ sellerId }) => ({ id: sellerId }),
};
