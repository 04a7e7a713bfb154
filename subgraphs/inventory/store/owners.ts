import type { Database } from '@aisle/platform/stores';

export interface Owner {
  readonly sku: string;
  readonly sellerId: string;
  readonly productId: string | null;
  /** Version of the product that said so. */
  readonly version: number;
}

export type Owners = ReturnType<typeof createOwners>;

/** Whose variant a SKU is, as the catalogue's events tell it; in the global database, like the catalogue. */
export function createOwners(database: Database) {
  return {
    async of(sku: string): Promise<string | undefined> {
      const [row] = await database.query<{ seller_id: string }>(
        'SELECT seller_id FROM sku_owner WHERE sku = $1',
        [sku],
        'inventory-owner',
      );
      return row?.seller_id;
    },

    /** Never goes back to what an older version said. */
    async learn(owners: readonly Owner[]): Promise<void> {
      await database.query(
        `INSERT INTO sku_owner (sku, seller_id, product_id, version)
         SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[])
         ON CONFLICT (sku) DO UPDATE SET seller_id = excluded.seller_id, product_id = excluded.product_id, version = excluded.version
         WHERE sku_owner.version < excluded.version`,
        [
          owners.map(({ sku }) => sku),
          owners.map(({ sellerId }) => sellerId),
          owners.map(({ productId }) => productId),
          owners.map(({ version }) => version),
        ],
      );
    },
  };
}
