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

/** 1: nothing is promised that is not there. */
export const stock: Invariant = {
  id: '1',
  title: 'stock: onHand ≥ held + sold, and the live counters are the sum of the ledger',
  async check(stores): Promise<Finding> {
    const violations: string[] = [];
    let looked = 0;
    for (const region of stores.regions) {
      const live = await liveLevels(stores, region);
      const booked = await stores.sql(
        region,
        'SELECT sku, warehouse_id, sum(on_hand)::int AS on_hand, sum(sold)::int AS sold FROM inventory.ledger GROUP BY 1, 2',
      );
      for (const [key, { onHand, held, sold }] of live) {
        looked++;
        if (held < 0 || sold < 0 || onHand < held + sold)
          violations.push(`${region}: ${key} has ${onHand} on hand, ${held} held, ${sold} sold`);
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
