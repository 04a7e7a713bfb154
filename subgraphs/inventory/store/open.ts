import { errorFields } from '@aisle/platform/log';
import type { Platform } from '@aisle/platform/service';
import type { Config } from '../config.ts';
import { createStockChanges } from './changes.ts';
import type { Ports } from './index.ts';
import { createLedger } from './ledger.ts';
import { createLiveStock } from './live.ts';
import { createOwners } from './owners.ts';
import { createRebuilder } from './rebuild.ts';
import { createWarehouses } from './warehouses.ts';

/** The adapters behind the ports. A Redis without counters (first start, loss) gets them from the ledger. */
export async function openPorts(
  platform: Platform,
  config: Config,
  clockOffset?: () => number,
): Promise<Ports> {
  const { log, meter, clock } = platform;
  const redis = await platform.redis();
  const databases = platform.databases();
  const ledger = createLedger(databases);
  const rebuilder = createRebuilder({ redis, databases, log, meter });
  platform.onStop('stock rebuild', () => rebuilder.stop());
  const live = createLiveStock(redis, {
    lowThreshold: config.lowThreshold,
    keepMovements: config.keepMovements,
    timeoutMs: config.redisTimeoutMs,
    onMissing: ({ region }) => rebuilder.request(region),
    ...(clockOffset && { clockOffset }),
  });
  const changes = createStockChanges(redis, live, log, () => clock.now());
  platform.onStop('stock changes', () => changes.stop());
  await rebuilder
    .restoreAll()
    .catch((error: unknown) => log.warn('stock is not restored yet', errorFields(error)));
  return {
    live,
    ledger,
    rebuilder,
    changes,
    owners: createOwners(databases.global),
    warehouses: createWarehouses(databases, () => clock.now()),
    async ping() {
      await Promise.all([live.answered(() => redis.ping()), databases.global.query('SELECT 1')]);
    },
  };
}
