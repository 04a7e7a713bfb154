import type { Clock } from '@aisle/platform/clock';
import { errorFields, type Log } from '@aisle/platform/log';
import type { Product } from '../domain/product.ts';
import type { ListQuery } from '../domain/product-list.ts';
import type { ProductStore } from './index.ts';
import { createListIndex, type ListIndex } from './list-index.ts';

export interface IndexedListsOptions {
  readonly store: Pick<ProductStore, 'scan'>;
  readonly clock: Clock;
  readonly log: Log;
  /** More products than this are listed by the database. */
  readonly maxProducts: number;
  /** How old the index may become before it is built anew beside its use, milliseconds. */
  readonly maxAgeMs: number;
  /** Told of every product that building reads. */
  readonly onProduct: (product: Product) => void;
}

/** Keeps the order of all products in memory: built from one pass over the database, then told of each change. */
export interface IndexedLists {
  /** Ids for a page, or `undefined` when there are too many products to index. Waits for the first build. */
  take(query: ListQuery): Promise<string[] | undefined>;
  put(product: Product): void;
  /** Changes may have been missed: the next question builds it anew. */
  reset(): void;
}

const MAX_BUILDS = 3;

export function indexedLists(options: IndexedListsOptions): IndexedLists {
  const { store, clock, log, maxProducts } = options;
  // The index in use and the one that is being built: both hear of changes, and neither goes back in version.
  const listening = new Set<ListIndex>();
  let current: { readonly index: ListIndex; readonly builtAt: number } | undefined;
  let building: Promise<void> | undefined;
  let resets = 0;

  async function build(): Promise<void> {
    for (let round = 0; round < MAX_BUILDS; round++) {
      const began = resets;
      const index = createListIndex();
      listening.add(index);
      try {
        for await (const batch of store.scan(maxProducts + 1)) {
          for (const product of batch) {
            index.put(product);
            options.onProduct(product);
          }
        }
        if (resets === began) {
          if (current) listening.delete(current.index);
          current = { index, builtAt: clock.now() };
          return;
        }
        listening.delete(index);
      } catch (error) {
        listening.delete(index);
        throw error;
      }
    }
    throw new Error('The list index was outdated as fast as it was built.');
  }

  const start = () => {
    building ??= build().finally(() => {
      building = undefined;
    });
    return building;
  };

  return {
    async take(query) {
      if (!current) await start();
      else if (clock.now() - current.builtAt > options.maxAgeMs)
        start().catch((error: unknown) => log.warn('list index not renewed', errorFields(error)));
      const index = current?.index;
      return index && index.size <= maxProducts ? index.take(query) : undefined;
    },
    put(product) {
      for (const index of listening) index.put(product);
    },
    reset() {
      resets++;
      if (current) listening.delete(current.index);
      current = undefined;
    },
  };
}
