import type { LevelRow, WarehouseRow } from '@aisle/inventory/seed';
import { REGIONS, type Region } from '@aisle/platform/identity';
import { seededId } from '../ids.ts';
import { randomOf } from '../random.ts';

const SITES: Readonly<Record<Region, ReadonlyArray<readonly [name: string, city: string]>>> = {
  us: [
    ['East', 'Newark'],
    ['Central', 'Dallas'],
    ['West', 'Oakland'],
  ],
  eu: [
    ['North', 'Rotterdam'],
    ['Central', 'Leipzig'],
    ['South', 'Lyon'],
  ],
  gb: [
    ['Midlands', 'Daventry'],
    ['Scotland', 'Glasgow'],
  ],
  in: [
    ['West', 'Bhiwandi'],
    ['South', 'Hyderabad'],
  ],
  br: [
    ['Southeast', 'Cajamar'],
    ['Northeast', 'Recife'],
  ],
};

export type Warehouses = Readonly<Record<Region, readonly WarehouseRow[]>>;

/** Twelve, in five regions. @param time epoch milliseconds of the opening */
export function makeWarehouses(time: number): Warehouses {
  const of = (region: Region) =>
    SITES[region].map(([name, city]) => ({
      id: seededId('whs', city, time, region),
      name: `${city} ${name}`,
      city,
    }));
  return Object.fromEntries(REGIONS.map((region) => [region, of(region)])) as unknown as Warehouses;
}

/** Where a variant mainly lies in a region: the place its past sales came from. */
export function homeWarehouse(warehouses: Warehouses, region: Region, sku: string): WarehouseRow {
  return randomOf(`home ${region} ${sku}`).pick(warehouses[region]);
}

/** Plenty of most things, little of a few, nothing of very few. */
export function makeLevels(warehouses: Warehouses, sku: string): LevelRow[] {
  return REGIONS.flatMap((region) => {
    const random = randomOf(`stock ${region} ${sku}`);
    const home = homeWarehouse(warehouses, region, sku);
    const luck = random.next();
    if (luck < 0.012) return [{ sku, warehouseId: home.id, onHand: 0 }];
    const onHand = luck < 0.04 ? random.int(1, 6) : random.int(40, 400);
    const levels = [{ sku, warehouseId: home.id, onHand }];
    const other = warehouses[region].find(({ id }) => id !== home.id);
    if (other && luck > 0.6) levels.push({ sku, warehouseId: other.id, onHand: random.int(10, 160) });
    return levels;
  });
}
