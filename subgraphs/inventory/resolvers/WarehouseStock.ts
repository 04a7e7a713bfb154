import { availableIn } from '../domain/stock.ts';
import type { WarehouseStockResolvers } from '../generated/schema.ts';

export const WarehouseStock: WarehouseStockResolvers = {
  available: availableIn,
  warehouse: async ({ warehouseId }, _, { ports }) => {
    const found = await ports.warehouses.find(warehouseId);
    if (!found) throw new Error(`Stock lies in ${warehouseId}, which is no warehouse.`);
    return found;
  },
};
