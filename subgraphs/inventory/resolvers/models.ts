/** What resolvers pass around for the schema's types of the same name. */
import type { Region } from '@aisle/platform/identity';
import type { StockLevels, WarehouseLevel } from '../domain/stock.ts';
import type { Change } from '../store/changes.ts';
import type { Warehouse as KnownWarehouse } from '../store/warehouses.ts';

export interface ProductVariant {
  readonly sku: string;
}
export interface Stock extends StockLevels {
  readonly sku: string;
  readonly region: Region;
  readonly live: boolean;
}
export type WarehouseStock = WarehouseLevel;
export type Warehouse = KnownWarehouse;
export interface StockChange extends Change {
  readonly region: Region;
}
