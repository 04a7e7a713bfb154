import type { Region } from '@aisle/platform/identity';
import type { Platform } from '@aisle/platform/service';
import type { TaxClass } from '../domain/tax.ts';

// What a past order cost is worked out by the rules of today.
export { priceLines } from '../domain/quote.ts';

export interface SeedPrice {
  readonly sku: string;
  readonly region: Region;
  /** Minor units on the shelf, in the region's currency. */
  readonly minor: number;
  readonly taxClass: TaxClass;
}

export interface SeedPricing {
  readonly prices: readonly SeedPrice[];
  /** Whose goods the variants are. */
  readonly owners: readonly { readonly sku: string; readonly sellerId: string }[];
}

/** Rows sent in one statement. */
const BATCH = 10_000;

/** Puts prices and ownership in the global database. What is there already stays as it is. */
export async function seed(platform: Platform, { prices, owners }: SeedPricing): Promise<void> {
  const { global } = platform.databases();
  for (let i = 0; i < prices.length; i += BATCH) {
    const rows = prices.slice(i, i + BATCH);
    await global.query(
      `INSERT INTO prices (sku, region, minor, tax_class)
       SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::text[]) ON CONFLICT DO NOTHING`,
      [
        rows.map((r) => r.sku),
        rows.map((r) => r.region),
        rows.map((r) => r.minor),
        rows.map((r) => r.taxClass),
      ],
    );
  }
  for (let i = 0; i < owners.length; i += BATCH) {
    const rows = owners.slice(i, i + BATCH);
    await global.query(
      'INSERT INTO variant_sellers (sku, seller_id) SELECT * FROM unnest($1::text[], $2::text[]) ON CONFLICT DO NOTHING',
      [rows.map((r) => r.sku), rows.map((r) => r.sellerId)],
    );
  }
}
