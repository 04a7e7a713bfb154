/**
 * Units of one SKU in one warehouse. `onHand` counts what is physically there: units held and units sold but not yet
 * shipped are still there. So `onHand ≥ held + sold` at every moment, and the difference can be bought.
 */
export interface WarehouseLevel {
  readonly warehouseId: string;
  readonly onHand: number;
  readonly held: number;
  readonly sold: number;
}

export interface StockLevels {
  readonly onHand: number;
  readonly held: number;
  readonly sold: number;
  readonly available: number;
  readonly warehouses: readonly WarehouseLevel[];
}

export const availableIn = (level: WarehouseLevel): number => level.onHand - level.held - level.sold;

export function stockOf(warehouses: readonly WarehouseLevel[]): StockLevels {
  let onHand = 0;
  let held = 0;
  let sold = 0;
  for (const level of warehouses) {
    onHand += level.onHand;
    held += level.held;
    sold += level.sold;
  }
  return { onHand, held, sold, available: onHand - held - sold, warehouses };
}

/** Reads `warehouse=onHand/held/sold,…`, the form of the scripts and the stream. @throws on anything else */
export function parseLevels(text: string): WarehouseLevel[] {
  if (text === '') return [];
  return text.split(',').map((part) => {
    const match = /^([^=]+)=(-?\d+)\/(-?\d+)\/(-?\d+)$/.exec(part);
    if (!match) throw new Error(`"${part}" is not a stock level.`);
    const [, warehouseId, onHand, held, sold] = match;
    return { warehouseId: warehouseId!, onHand: Number(onHand), held: Number(held), sold: Number(sold) };
  });
}

export interface WarehouseUnits {
  readonly warehouseId: string;
  readonly quantity: number;
}

/** Reads `warehouse=units,…`. */
export function parseUnits(text: string): WarehouseUnits[] {
  if (text === '') return [];
  return text.split(',').map((part) => {
    const at = part.lastIndexOf('=');
    return { warehouseId: part.slice(0, at), quantity: Number(part.slice(at + 1)) };
  });
}

export const writeUnits = (units: readonly WarehouseUnits[]): string =>
  units.map(({ warehouseId, quantity }) => `${warehouseId}=${quantity}`).join(',');
