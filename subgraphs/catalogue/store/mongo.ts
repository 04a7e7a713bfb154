import { unavailable } from '@aisle/platform/errors';
import type { MongoOutbox } from '@aisle/platform/outbox';
import type { Mongo } from '@aisle/platform/stores';
import { type Filter, MongoError, MongoErrorLabel } from 'mongodb';
import type { ListQuery } from '../domain/product-list.ts';
import { collections, type ProductDocument, toDocument, toProduct } from './documents.ts';
import type { ProductStore, SaveOutcome } from './index.ts';

const SCAN_BATCH = 1_000;
/** Longest one pass over everything may take on the server, milliseconds. */
const SCAN_TIME_MS = 120_000;
/** More than any shop has; a bound all the same. */
const MAX_CATEGORIES = 5_000;
const MAX_BRANDS = 20_000;
/** Longest one read may take on the server, milliseconds. */
const MAX_TIME_MS = 4_000;

export function mongoProducts(mongo: Mongo, outbox: Pick<MongoOutbox, 'append'>): ProductStore {
  const { products, categories, brands } = collections(mongo.db);
  const find = (filter: Filter<ProductDocument>) =>
    reading(async () => (await products.find(filter, { maxTimeMS: MAX_TIME_MS }).toArray()).map(toProduct));

  return {
    byIds: (ids) => find({ _id: { $in: [...ids] } }),
    bySkus: (skus) => find({ 'variants.sku': { $in: [...skus] } }),
    bySlugs: (slugs) => find({ slug: { $in: [...slugs] } }),

    async list(query) {
      const { field, order } = orderOf(query);
      const cursor = products
        .find(filterOf(query), { maxTimeMS: MAX_TIME_MS })
        .sort({ [field]: order })
        .limit(query.limit + 1);
      return reading(async () => (await cursor.toArray()).map(toProduct));
    },

    async *scan(max) {
      const cursor = products.find({}, { maxTimeMS: SCAN_TIME_MS, batchSize: SCAN_BATCH }).limit(max);
      try {
        for (;;) {
          await reading(() => cursor.hasNext());
          const batch = cursor.readBufferedDocuments();
          if (batch.length === 0) return;
          yield batch.map(toProduct);
        }
      } finally {
        await cursor.close().catch(() => {});
      }
    },

    async categories() {
      const cursor = categories.find({}, { maxTimeMS: MAX_TIME_MS }).limit(MAX_CATEGORIES);
      const found = await reading(() => cursor.toArray());
      return found.map(({ _id, ...rest }) => ({ id: _id, ...rest }));
    },

    async brands() {
      const cursor = brands.find({}, { maxTimeMS: MAX_TIME_MS }).limit(MAX_BRANDS);
      const found = await reading(() => cursor.toArray());
      return found.map(({ _id, ...rest }) => ({ id: _id, ...rest }));
    },

    async save(product, expectedVersion, events) {
      try {
        return await mongo.client.withSession((session) =>
          session.withTransaction<SaveOutcome>(
            async () => {
              const document = toDocument(product);
              if (expectedVersion === 0) {
                await products.insertOne(document, { session });
              } else {
                const current = { _id: product.id, version: expectedVersion };
                const { matchedCount } = await products.replaceOne(current, document, { session });
                if (matchedCount === 0) {
                  const found = await products.findOne(
                    { _id: product.id },
                    { session, projection: { version: 1 } },
                  );
                  return { kind: 'conflict', actual: found?.version ?? 0 };
                }
              }
              await outbox.append(session, events);
              return { kind: 'saved' };
            },
            { timeoutMS: 10_000 },
          ),
        );
      } catch (error) {
        const taken = duplicateOf(error);
        if (taken) return taken;
        // Whether a commit without an answer took place is not known: then "nothing was changed" would be a guess.
        if (isDown(error) && !isUncertain(error))
          throw unavailable('The catalogue cannot be changed.', error);
        throw error;
      }
    },

    async ping() {
      await mongo.db.command({ ping: 1 });
    },
  };
}

/** Names of the driver's errors for a server that cannot be reached or does not answer. */
const DOWN =
  /^Mongo(Network|ServerSelection|OperationTimeout|PoolCleared|NotConnected|TopologyClosed|WaitQueue)/;

const isDown = (error: unknown): boolean => error instanceof MongoError && DOWN.test(error.name);
const isUncertain = (error: unknown): boolean =>
  error instanceof MongoError && error.hasErrorLabel(MongoErrorLabel.UnknownTransactionCommitResult);

/** @throws UNAVAILABLE when the database does not answer */
async function reading<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw isDown(error)
      ? unavailable('The catalogue cannot be read at the moment. Try again.', error)
      : error;
  }
}

/** Which field a list runs along, and which way its entries are taken. */
function orderOf({ sort, direction }: ListQuery): { field: '_id' | 'titleKey'; order: 1 | -1 } {
  const field = sort === 'NEWEST' ? '_id' : 'titleKey';
  const ascending = (sort === 'TITLE') === (direction === 'forward');
  return { field, order: ascending ? 1 : -1 };
}

function filterOf(query: ListQuery): Filter<ProductDocument> {
  const field = query.sort === 'NEWEST' ? '_id' : 'titleKey';
  const [later, earlier] = query.sort === 'TITLE' ? ['$gt', '$lt'] : ['$lt', '$gt'];
  const range = {
    ...(query.after !== null && { [later!]: query.after }),
    ...(query.before !== null && { [earlier!]: query.before }),
  };
  return {
    ...(query.withdrawn ? {} : { withdrawn: false }),
    ...(query.categoryId !== null && { categoryPath: query.categoryId }),
    ...(query.sellerId !== null && { sellerId: query.sellerId }),
    ...(query.brandId !== null && { brandId: query.brandId }),
    ...(query.dietary.length > 0 && { 'attributes.dietary': { $all: [...query.dietary] } }),
    ...(Object.keys(range).length > 0 && { [field]: range }),
  } as Filter<ProductDocument>;
}

/** Which unique index a duplicate ran into; the server names its fields. */
function duplicateOf(error: unknown): SaveOutcome | undefined {
  const { code, keyPattern = {} } = error as { code?: number; keyPattern?: Record<string, unknown> };
  if (code !== 11000) return undefined;
  if ('gtinKeys' in keyPattern) return { kind: 'gtin-taken' };
  if ('slug' in keyPattern) return { kind: 'slug-taken' };
  return undefined;
}
