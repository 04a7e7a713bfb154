import type { Region } from '@aisle/platform/identity';
import type { Finding, Invariant } from '../invariant.ts';
import type { Stores } from '../stores.ts';

interface Level {
  onHand: number;
  held: number;
  sold: number;
}

/** Live counters by `sku warehouse`, from the hashes `inventory:{us:p3}:stock:<sku>` (`o:` on hand, `h:` held, `s:` sold). */
async function liveLevels({ redis }: Stores, region: Region): Promise<Map<string, Level>> {
  const levels = new Map<string, Level>();
  for await (const keys of redis.scanIterator({ MATCH: `inventory:{${region}:*}:stock:*`, COUNT: 1_000 })) {
    const hashes = await Promise.all(keys.map((key) => redis.hGetAll(key)));
    hashes.forEach((hash, i) => {
      const sku = keys[i]!.split(':stock:')[1]!;
      for (const [field, value] of Object.entries(hash)) {
        const [kind, warehouse] = [field.slice(0, 1), field.slice(2)];
        if (!['o', 'h', 's'].includes(kind) || field[1] !== ':') continue;
        const key = `${sku} ${warehouse}`;
        const level = levels.get(key) ?? { onHand: 0, held: 0, sold: 0 };
        level[kind === 'o' ? 'onHand' : kind === 'h' ? 'held' : 'sold'] += Number(value);
        levels.set(key, level);
      }
    });
  }
  return levels;
}

/** What orders hold by `sku warehouse`, from the hashes `…:holds:<sku>`: `status|at|expires|kind|preparers|warehouse=units,…`. */
async function heldUnits({ redis }: Stores, region: Region): Promise<Map<string, number>> {
  const held = new Map<string, number>();
  for await (const keys of redis.scanIterator({ MATCH: `inventory:{${region}:*}:holds:*`, COUNT: 1_000 })) {
    const hashes = await Promise.all(keys.map((key) => redis.hVals(key)));
    for (const [i, holds] of hashes.entries()) {
      const sku = keys[i]!.split(':holds:')[1]!;
      for (const [, lines] of holds.flatMap((hold) => [
        /^[HC]\|\d+\|\d+\|[SD]\|\d+\|(.*)$/.exec(hold) ?? [],
      ])) {
        for (const [, warehouse, units] of (lines ?? '').matchAll(/([^=,]+)=(\d+)/g)) {
          const key = `${sku} ${warehouse}`;
          held.set(key, (held.get(key) ?? 0) + Number(units));
        }
      }
    }
  }
  return held;
}

/** 1: nothing is promised that is not there. */
export const stock: Invariant = {
  id: '1',
  title: 'stock: onHand ≥ held + sold, the live counters are the sum of the ledger, held is what orders hold',
  async check(stores): Promise<Finding> {
    const violations: string[] = [];
    let looked = 0;
    for (const region of stores.regions) {
      const live = await liveLevels(stores, region);
      const holds = await heldUnits(stores, region);
      const booked = await stores.sql(
        region,
        'SELECT sku, warehouse_id, sum(on_hand)::int AS on_hand, sum(sold)::int AS sold FROM inventory.ledger GROUP BY 1, 2',
      );
      for (const [key, { onHand, held, sold }] of live) {
        looked++;
        if (held < 0 || sold < 0 || onHand < held + sold)
          violations.push(`${region}: ${key} has ${onHand} on hand, ${held} held, ${sold} sold`);
        const wanted = holds.get(key) ?? 0;
        if (held !== wanted) violations.push(`${region}: ${key} has ${held} held, orders hold ${wanted}`);
      }
      const known = new Set(booked.map((row) => `${row.sku} ${row.warehouse_id}`));
      for (const [key, { onHand, sold }] of live) {
        if (!known.has(key) && (onHand !== 0 || sold !== 0))
          violations.push(
            `${region}: ${key} has ${onHand} on hand, ${sold} sold live, nothing in the ledger`,
          );
      }
      for (const row of booked) {
        const key = `${row.sku} ${row.warehouse_id}`;
        const level = live.get(key) ?? { onHand: 0, held: 0, sold: 0 };
        if (level.onHand !== row.on_hand || level.sold !== row.sold) {
          violations.push(
            `${region}: ${key} has ${level.onHand}/${level.sold} on hand/sold live, ${row.on_hand}/${row.sold} in the ledger`,
          );
        }
      }
    }
    return { looked, violations };
  },
};
