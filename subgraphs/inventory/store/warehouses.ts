import { REGIONS, type Region } from '@aisle/platform/identity';
import { regionOf } from '@aisle/platform/ids';
import type { Databases } from '@aisle/platform/stores';

export interface Warehouse {
  readonly id: string;
  readonly region: Region;
  readonly name: string;
  readonly city: string;
}

/** Warehouses change with a release or a seed: what was read is believed for a minute. */
const BELIEVE_MS = 60_000;

export type Warehouses = ReturnType<typeof createWarehouses>;

export function createWarehouses(databases: Databases, now: () => number) {
  const known = new Map<Region, { until: number; list: Promise<Warehouse[]> }>();

  async function load(region: Region): Promise<Warehouse[]> {
    const rows = await databases
      .of(region)
      .query<{ id: string; name: string; city: string }>('SELECT id, name, city FROM warehouse ORDER BY id');
    return rows.map(({ id, name, city }) => ({ id, region, name, city }));
  }

  function of(region: Region): Promise<Warehouse[]> {
    const current = known.get(region);
    if (current && current.until > now()) return current.list;
    const list = load(region);
    known.set(region, { until: now() + BELIEVE_MS, list });
    const forget = () => {
      if (known.get(region)?.list === list) known.delete(region);
    };
    // An empty answer is not believed: the first seed may be running.
    list.then((found) => found.length === 0 && forget(), forget);
    return list;
  }

  return {
    of,
    all: async (): Promise<Warehouse[]> => (await Promise.all(REGIONS.map(of))).flat(),
    async find(id: string): Promise<Warehouse | undefined> {
      const region = regionOf(id, 'whs');
      return region && (await of(region)).find((warehouse) => warehouse.id === id);
    },
  };
}
