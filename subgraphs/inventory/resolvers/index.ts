import type { Resolvers } from '../generated/schema.ts';
import { adjustStock } from './Mutation/adjustStock.ts';
import { confirmStock } from './Mutation/confirmStock.ts';
import { releaseStock } from './Mutation/releaseStock.ts';
import { reserveStock } from './Mutation/reserveStock.ts';
import { restock } from './Mutation/restock.ts';
import { setStock } from './Mutation/setStock.ts';
import { ProductVariant } from './ProductVariant.ts';
import { checkStock } from './Query/checkStock.ts';
import { stockCursor } from './Query/stockCursor.ts';
import { warehouse } from './Query/warehouse.ts';
import { warehouses } from './Query/warehouses.ts';
import { StockChange } from './StockChange.ts';
import { stockChanged } from './Subscription/stockChanged.ts';
import { Warehouse } from './Warehouse.ts';
import { WarehouseStock } from './WarehouseStock.ts';

export const resolvers: Resolvers = {
  Query: { warehouses, warehouse, stockCursor, checkStock },
  Mutation: { setStock, adjustStock, reserveStock, confirmStock, releaseStock, restock },
  Subscription: { stockChanged },
  ProductVariant,
  StockChange,
  Warehouse,
  WarehouseStock,
};
