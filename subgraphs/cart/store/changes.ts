import type { Region } from '@aisle/platform/identity';
import type { Log } from '@aisle/platform/log';
import type { Redis } from '@aisle/platform/stores';
import {
  createStreamHub,
  type Followed,
  mapFollowed,
  readCursor,
  timeOf,
  writeCursor,
} from '@aisle/platform/streams';
import type { Cart, ChangeKind } from '../domain/cart.ts';
import { ALL_STREAMS, changesName, withdrawnKey, withdrawnName } from './keys.ts';

export interface Change {
  readonly cursor: string;
  readonly kind: ChangeKind | 'PRODUCT_WITHDRAWN' | 'RESYNC';
  readonly cart: Cart;
  readonly withdrawnSkus: readonly string[];
  /** Epoch milliseconds. */
  readonly at: number;
}

const KEEP_WITHDRAWN = 2_000;

export type CartChanges = ReturnType<typeof createCartChanges>;

/** What happens to a cart, and to the products in it, to whoever follows the cart. */
export function createCartChanges(redis: Redis, log: Log, now: () => number) {
  const hub = createStreamHub({ redis, log, streams: ALL_STREAMS, topicOf: ({ fields }) => fields.c ?? '*' });
  const namesOf = (region: Region, id: string) => [changesName(region, id), withdrawnName(region)];

  return {
    cursorFor: (region: Region, id: string, cursor: string) => readCursor(cursor, namesOf(region, id)),

    /** Where the cart's streams end now. */
    async now(region: Region, id: string): Promise<string> {
      if (!redis.isReady) throw new Error('Redis does not answer.');
      return writeCursor(await hub.now(namesOf(region, id)));
    },

    /** `load` gives the cart as it is now. */
    async follow(
      region: Region,
      id: string,
      load: () => Promise<Cart>,
      after?: Readonly<Record<string, string>>,
    ): Promise<AsyncIterableIterator<Change>> {
      if (!redis.isReady) throw new Error('Redis does not answer.');
      const follower = await hub.follow({
        streams: namesOf(region, id),
        topics: [id],
        ...(after && { after }),
      });
      return mapFollowed(follower, async (followed) => changesOf(followed, await load()));
    },

    /** Tells every follower in the region; each looks whether it concerns its cart. */
    async withdrawn(region: Region, skus: readonly string[]): Promise<void> {
      await redis.xAdd(
        withdrawnKey(region),
        '*',
        { s: skus.join(',') },
        { TRIM: { strategy: 'MAXLEN', strategyModifier: '~', threshold: KEEP_WITHDRAWN } },
      );
    },

    stop: () => hub.stop(),
  };

  function changesOf({ entry, positions }: Followed, cart: Cart): Change[] {
    const base = { cursor: writeCursor(positions), cart, withdrawnSkus: [] };
    if (!entry) return [{ ...base, kind: 'RESYNC', at: now() }];
    const at = timeOf(entry);
    if (entry.fields.c) return [{ ...base, kind: entry.fields.k as ChangeKind, at }];
    const inCart = new Set(cart.lines.map(({ sku }) => sku));
    const withdrawnSkus = (entry.fields.s ?? '').split(',').filter((sku) => inCart.has(sku));
    return withdrawnSkus.length > 0 ? [{ ...base, kind: 'PRODUCT_WITHDRAWN', withdrawnSkus, at }] : [];
  }
}
