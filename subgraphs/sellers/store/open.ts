import { createCache } from '@aisle/platform/cache';
import { createPostgresOutbox } from '@aisle/platform/outbox';
import type { Platform } from '@aisle/platform/service';
import { outspoken } from '@aisle/platform/stores';
import type { Config } from '../config.ts';
import type { KeyAndSeller, Ports } from './index.ts';
import { postgresApiKeys } from './postgres-api-keys.ts';
import { postgresSellers } from './postgres-sellers.ts';

/** How long a live key is believed without asking, milliseconds: at most this long it works after its revocation elsewhere. */
const KEY_TTL_MS = 5_000;

/** The adapters behind the sellers' ports; everything lies in the global database. */
export async function openPorts(platform: Platform, config: Config): Promise<Ports> {
  const outbox = createPostgresOutbox(platform.name, { all: [platform.databases().global] });
  const global = outspoken(platform.databases().global, 'Sellers cannot be reached just now. Try again.');
  const sellers = postgresSellers(global, outbox);
  const apiKeys = postgresApiKeys(global);
  const { clock, log, meter } = platform;

  const load = async (ids: readonly string[]) => {
    const live = new Map<string, KeyAndSeller>();
    for (const id of ids) {
      const key = await apiKeys.find(id);
      const seller = key && !key.revokedAt ? await sellers.find(key.sellerId) : undefined;
      if (key && seller?.status === 'APPROVED') live.set(id, { key, seller });
    }
    return live;
  };
  const liveKeys = createCache({
    name: 'sellers_api_keys',
    ttlMs: KEY_TTL_MS,
    // A revoked key must not be served stale.
    staleMs: 0,
    absentMs: 1_000,
    maxEntries: 10_000,
    load,
    clock,
    log,
    meter,
  });
  return {
    sellers,
    apiKeys,
    liveKeys,
    defaultFeeBps: config.defaultFeeBps,
    outbox,
    ping: async () => {
      await global.query('SELECT 1');
    },
  };
}
