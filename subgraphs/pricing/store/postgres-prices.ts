import { createEvent } from '@aisle/platform/bus';
import { createCache } from '@aisle/platform/cache';
import { once } from '@aisle/platform/idempotency';
import type { Region } from '@aisle/platform/identity';
import { errorFields } from '@aisle/platform/log';
import { currencyOf, money } from '@aisle/platform/money';
import type { PostgresOutbox } from '@aisle/platform/outbox';
import type { Platform } from '@aisle/platform/service';
import type { Database, Row } from '@aisle/platform/stores';
import type { Price } from '../domain/price.ts';
import type { TaxClass } from '../domain/tax.ts';
import { priceChanged } from '../events/published.ts';
import type { PriceChange, Prices } from './index.ts';

interface PriceRow extends Row {
  sku: string;
  region: Region;
  minor: bigint;
  tax_class: TaxClass;
  version: number;
}

const keyOf = (region: Region, sku: string) => `${region}/${sku}`;

const toPrice = (row: PriceRow): Price => ({
  sku: row.sku,
  region: row.region,
  amount: money(currencyOf(row.region), row.minor),
  taxClass: row.tax_class,
  version: row.version,
});

const CHANNEL = 'pricing_changed';

export function postgresPrices(
  database: Database,
  outbox: PostgresOutbox,
  platform: Platform,
  ttlMs: number,
): Prices {
  const load = async (keys: readonly string[]): Promise<Map<string, Price>> => {
    const pairs = keys.map((key) => key.split('/') as [Region, string]);
    const rows = await database.query<PriceRow>(
      `SELECT p.sku, p.region, p.minor, p.tax_class, p.version
       FROM unnest($1::text[], $2::text[]) AS wanted (region, sku) JOIN prices p USING (region, sku)`,
      [pairs.map(([region]) => region), pairs.map(([, sku]) => sku)],
      'pricing_read',
    );
    return new Map(rows.map((row) => [keyOf(row.region, row.sku), toPrice(row)]));
  };
  const { clock, log, meter } = platform;
  const cache = createCache({
    name: 'pricing_prices',
    ttlMs,
    maxEntries: 200_000,
    maxBatch: 500,
    load,
    clock,
    log,
    meter,
  });
  listenForChanges(database, platform, (key) => cache.invalidate(key));

  const bySku = (skus: readonly string[], prices: Iterable<Price | null | undefined>) => {
    const found = new Map<string, Price>();
    for (const price of prices) if (price && skus.includes(price.sku)) found.set(price.sku, price);
    return found;
  };
  return {
    cache,
    peek: (region, sku) => cache.peek(keyOf(region, sku)),
    async read(region, skus) {
      const found = await load(skus.map((sku) => keyOf(region, sku)));
      for (const [key, price] of found) cache.put(key, price);
      return bySku(skus, found.values());
    },
    get: async (region, skus) => bySku(skus, await cache.getMany(skus.map((sku) => keyOf(region, sku)))),
    async sellerOf(sku) {
      const [row] = await database.query<{ seller_id: string }>(
        'SELECT seller_id FROM variant_sellers WHERE sku = $1',
        [sku],
      );
      return row?.seller_id;
    },
    async change({ sku, region, amount, taxClass, expectedVersion }, call, now) {
      const outcome = await once<PriceChange>(database, call, async (tx) => {
        const [row] = await tx.query<{ version: number }>(
          `INSERT INTO prices AS p (sku, region, minor, tax_class, version) SELECT $1, $2, $3, $4, 1 WHERE $5 = 0
           ON CONFLICT DO NOTHING RETURNING version`,
          [sku, region, amount.minor.toString(), taxClass, expectedVersion],
        );
        const [changed] = row
          ? [row]
          : await tx.query<{ version: number }>(
              `UPDATE prices SET minor = $3, tax_class = $4, version = version + 1, updated_at = now()
               WHERE sku = $1 AND region = $2 AND version = $5 RETURNING version`,
              [sku, region, amount.minor.toString(), taxClass, expectedVersion],
            );
        if (!changed) {
          const [current] = await tx.query<{ version: number }>(
            'SELECT version FROM prices WHERE sku = $1 AND region = $2',
            [sku, region],
          );
          return { kind: 'conflict', actual: current?.version ?? 0 };
        }
        const { version } = changed;
        await outbox.append(tx, [createEvent(priceChanged({ sku, region, amount, taxClass, version }), now)]);
        return { kind: 'changed', version };
      });
      if (outcome.kind === 'done' && !outcome.replayed && outcome.answer.kind === 'changed') {
        cache.invalidate(keyOf(region, sku));
        outbox.wake('global');
        // The change stands; others hear of it now, or when their time to live is over.
        await database
          .query('SELECT pg_notify($1, $2)', [CHANNEL, keyOf(region, sku)])
          .catch((error: unknown) => log.warn('price change not told', errorFields(error)));
      }
      return outcome;
    },
  };
}

/** Other processes tell of their changes, so that a price is not believed for its whole time to live. */
function listenForChanges(database: Database, platform: Platform, invalidate: (key: string) => void): void {
  const listening = database.connect().then(async (client) => {
    // Without the connection prices are still right after their time to live, and always when a quote is locked.
    client.on('error', (error: Error) =>
      platform.log.warn('price changes are no longer heard of', { error: error.message }),
    );
    client.on('notification', ({ payload }) => payload && invalidate(payload));
    await client.query(`LISTEN ${CHANNEL}`);
    return client;
  });
  listening.catch((error: Error) =>
    platform.log.warn('price changes are not heard of', { error: error.message }),
  );
  platform.onStop('price changes', () => listening.then((client) => client.end()).catch(() => {}));
}
