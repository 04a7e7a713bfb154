import { createPostgresOutbox } from '@aisle/platform/outbox';
import type { Platform } from '@aisle/platform/service';
import type { Config } from '../config.ts';
import type { Ports } from './index.ts';
import { postgresPrices } from './postgres-prices.ts';
import { postgresQuotes } from './postgres-quotes.ts';

/** The adapters: prices in the global database, quotes in the region of their cart. */
export async function openPorts(platform: Platform, config: Config): Promise<Ports> {
  const databases = platform.databases();
  const outbox = createPostgresOutbox(platform.name, { all: [databases.global] });
  return {
    prices: postgresPrices(databases.global, outbox, platform, config.priceTtlMs),
    quotes: postgresQuotes(databases, config.quoteMs),
    outbox,
    ping: async () => {
      await Promise.all(databases.all.map((database) => database.query('SELECT 1')));
    },
  };
}
