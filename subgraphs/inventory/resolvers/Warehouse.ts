import type { WarehouseResolvers } from '../generated/schema.ts';

export const Warehouse: WarehouseResolvers = {
  __resolveReference: async ({ id }, { ports }) => (await ports.warehouses.find(id)) ?? null,
};
