import { errorFields } from '@aisle/platform/log';
import type { Platform } from '@aisle/platform/service';
import type { Config } from '../config.ts';
import { adjust } from './adjust.ts';
import { createStockChanges } from './changes.ts';
import { confirm } from './confirm.ts';
import type { Ports } from './index.ts';
import { createLedger } from './ledger.ts';
import { createLiveStock } from './live.ts';
import { createOwners } from './owners.ts';
import { createRebuilder } from './rebuild.ts';
import { release } from './release.ts';
import { reserve } from './reserve.ts';
import { restock } from './restock.ts';
import { runIdOf, verify, watchRestarts } from './verify.ts';
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
  const verifying = { live, ledger, rebuilder, databases, log };
  const runId = await runIdOf(live);
  platform.onStop('redis watch', watchRestarts(verifying, runId));
  await rebuilder
    .restoreAll()
    .then(() => verify(verifying))
    .catch((error: unknown) => log.warn('stock is not restored yet', errorFields(error)));
  return {
    moves: {
      reserve: (request) => reserve(live, request),
      confirm: (request) => confirm({ live, ledger, rebuilder }, request),
      release: (region, orderId) => release({ live, ledger }, region, orderId),
      restock: (request) => restock({ live, ledger }, request),
      adjust: (request) => adjust({ live, ledger, rebuilder }, request),
    },
    verify: () => verify(verifying),
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
