import type { WarehouseUnits } from './stock.ts';

/**
 * What the ledger knows. `SALE` moves units to sold, `RESTOCK` takes that back, `RECEIVE` and `REMOVE` change what is
 * on hand, `DISPATCH` is sold units leaving the warehouse. Holds are not in the ledger: they live in Redis only.
 */
export type MovementKind = 'SALE' | 'RESTOCK' | 'RECEIVE' | 'REMOVE' | 'DISPATCH';

export interface LedgerLine {
  readonly sku: string;
  readonly warehouseId: string;
  /** Change of the units on hand, and of the units sold. */
  readonly onHand: number;
  readonly sold: number;
}

/** How `quantity` units of a SKU change the books. */
export function ledgerLine(
  kind: MovementKind,
  sku: string,
  { warehouseId, quantity }: WarehouseUnits,
): LedgerLine {
  switch (kind) {
    case 'SALE':
      return { sku, warehouseId, onHand: 0, sold: quantity };
    case 'RESTOCK':
      return { sku, warehouseId, onHand: 0, sold: -quantity };
    case 'RECEIVE':
      return { sku, warehouseId, onHand: quantity, sold: 0 };
    case 'REMOVE':
      return { sku, warehouseId, onHand: -quantity, sold: 0 };
    case 'DISPATCH':
      return { sku, warehouseId, onHand: -quantity, sold: -quantity };
    default:
      return kind satisfies never;
  }
}

/** Which warehouses get `wanted` units back: those that sold them, as long as they have some left to give back. */
export function allocateReturn(
  sold: readonly WarehouseUnits[],
  wanted: number,
): WarehouseUnits[] | undefined {
  const back: WarehouseUnits[] = [];
  let rest = wanted;
  for (const { warehouseId, quantity } of sold) {
    const take = Math.min(rest, quantity);
    if (take > 0) back.push({ warehouseId, quantity: take });
    rest -= take;
  }
  return rest === 0 ? back : undefined;
}
