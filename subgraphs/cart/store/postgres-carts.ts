import type { Region } from '@aisle/platform/identity';
import type { Databases, Sql } from '@aisle/platform/stores';
import type { Cart } from '../domain/cart.ts';

interface CartRow extends Record<string, unknown> {
  id: string;
  owner: string;
  version: number;
  revision: number;
  lines: Cart['lines'];
  checkout: Cart['checkout'];
  merged: Cart['merged'];
  merge_key: string | null;
  updated_at: Date;
}

const COLUMNS = 'id, owner, version, revision, lines, checkout, merged, merge_key, updated_at';

// `synchronous_commit` for this one statement: what an order can do again need not wait for the disk.
const SAVE = `
WITH setting AS MATERIALIZED (SELECT set_config('synchronous_commit', $10, true))
INSERT INTO cart (id, owner, version, revision, lines, checkout, merged, merge_key, updated_at)
SELECT $1, $2, $3, $4, $5::jsonb, $6::jsonb, $7::jsonb, $8, $9 FROM setting
ON CONFLICT (id) DO UPDATE SET version = excluded.version, revision = excluded.revision, lines = excluded.lines, checkout = excluded.checkout,
  merged = excluded.merged, merge_key = excluded.merge_key, updated_at = excluded.updated_at, abandoned_at = NULL
WHERE cart.revision < excluded.revision
RETURNING revision`;

export type PostgresCarts = ReturnType<typeof createPostgresCarts>;

export function createPostgresCarts(databases: Databases) {
  return {
    async load(region: Region, id: string): Promise<Cart | undefined> {
      const [row] = await databases
        .of(region)
        .query<CartRow>(`SELECT ${COLUMNS} FROM cart WHERE id = $1`, [id], 'cart-load');
      return row && toCart(region, row);
    },

    /** @returns false when somebody else saved the same or a newer revision first */
    async save(cart: Cart, durable: boolean): Promise<boolean> {
      const rows = await databases
        .of(cart.region)
        .query(
          SAVE,
          [
            cart.id,
            cart.owner,
            cart.version,
            cart.revision,
            JSON.stringify(cart.lines),
            cart.checkout && JSON.stringify(cart.checkout),
            JSON.stringify(cart.merged),
            cart.mergeKey,
            new Date(cart.updatedAt ?? 0),
            durable ? 'on' : 'off',
          ],
          'cart-save',
        );
      return rows.length === 1;
    },

    /** Marks some carts that were left behind since `before`, and gives them. */
    async takeAbandoned(tx: Sql, region: Region, before: Date, limit: number): Promise<Cart[]> {
      const rows = await tx.query<CartRow>(
        `UPDATE cart SET abandoned_at = now() WHERE id IN (
           SELECT id FROM cart WHERE abandoned_at IS NULL AND lines <> '[]'::jsonb AND updated_at < $1
           ORDER BY updated_at LIMIT $2 FOR UPDATE SKIP LOCKED)
         RETURNING ${COLUMNS}`,
        [before, limit],
      );
      return rows.map((row) => toCart(region, row));
    },
  };
}

function toCart(region: Region, row: CartRow): Cart {
  const { id, owner, version, revision, lines, checkout, merged } = row;
  return {
    id,
    owner,
    region,
    version,
    revision,
    lines,
    checkout,
    merged,
    mergeKey: row.merge_key,
    updatedAt: row.updated_at.getTime(),
  };
}
