import { errorFields } from '@aisle/platform/log';
import { openMongoOutbox } from '@aisle/platform/outbox';
import type { Platform } from '@aisle/platform/service';
import type { CatalogueConfig } from '../config.ts';
import { cachedReads } from './cached.ts';
import { followChanges } from './change-stream.ts';
import { prepareCollections } from './documents.ts';
import type { CatalogueReads, Ports } from './index.ts';
import { mongoProducts } from './mongo.ts';

export async function openPorts(platform: Platform, config: CatalogueConfig): Promise<Ports> {
  const { clock, log, meter, bus } = platform;
  const mongo = await platform.mongo();
  await prepareCollections(mongo.db);
  const outbox = await openMongoOutbox({ mongo, producer: platform.name, bus, clock, log, meter });
  const store = mongoProducts(mongo, outbox);
  const reads = cachedReads({ store, clock, log, meter, maxProducts: config.maxCachedProducts });
  return {
    reads,
    store,
    mediaUrl: (path) => `${config.mediaOrigin}${path}`,
    background: () => {
      const changes = followChanges(mongo.db, reads, log);
      const warming = warm(reads).catch((error: unknown) => log.warn('cache not warmed', errorFields(error)));
      return [outbox.relay(), changes, { name: 'cache warm-up', stop: () => warming }];
    },
  };
}

/** Fills the caches, so that the first visitors do not each wait for the database: a page makes the lists be read. */
async function warm(reads: CatalogueReads): Promise<void> {
  const everything = {
    categoryId: null,
    sellerId: null,
    brandId: null,
    dietary: [],
    withdrawn: false,
  } as const;
  const range = { limit: 20, direction: 'forward', after: null, before: null } as const;
  await Promise.all([reads.tree(), reads.brands(), reads.page({ ...everything, sort: 'NEWEST', ...range })]);
}
