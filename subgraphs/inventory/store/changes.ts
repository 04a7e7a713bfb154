import { REGIONS, type Region } from '@aisle/platform/identity';
import type { Log } from '@aisle/platform/log';
import type { Redis } from '@aisle/platform/stores';
import {
  createStreamHub,
  type Followed,
  mapFollowed,
  readCursor,
  type StreamEntry,
  timeOf,
  writeCursor,
} from '@aisle/platform/streams';
import { partitionOf, partitionsOf } from '../domain/partition.ts';
import { parseLevels, type StockLevels, stockOf } from '../domain/stock.ts';
import { streamKey } from './keys.ts';
import type { LiveStock } from './live.ts';
import { StockUnavailable } from './unavailable.ts';

export type ChangeKind = 'HELD' | 'RELEASED' | 'SOLD' | 'RESTOCKED' | 'ADJUSTED' | 'RESYNC';

export interface Change {
  readonly cursor: string;
  readonly sku: string;
  readonly kind: ChangeKind;
  readonly levels: StockLevels;
  /** Epoch milliseconds. */
  readonly at: number;
}

export interface Movement {
  readonly sku: string;
  readonly kind: ChangeKind;
  readonly version: number;
  readonly levels: StockLevels;
  /** What is available has just fallen to the threshold or below. */
  readonly low: boolean;
}

/** In place of a SKU: all of a partition may have moved. */
export const ALL = '*';

/** An entry as the scripts write it. */
export function readMovement({ fields }: Pick<StreamEntry, 'fields'>): Movement {
  return {
    sku: fields.s ?? '',
    kind: (fields.k ?? 'RESYNC') as ChangeKind,
    version: Number(fields.v),
    levels: stockOf(parseLevels(fields.w ?? '')),
    low: fields.low === '1',
  };
}

const nameOf = (region: Region, part: number) => `${region}:${part}`;

export type StockChanges = ReturnType<typeof createStockChanges>;

/** Every movement, from the partitions' streams, to whoever follows a SKU. */
export function createStockChanges(redis: Redis, live: Pick<LiveStock, 'read'>, log: Log, now: () => number) {
  const partitions = REGIONS.flatMap(partitionsOf);
  const hub = createStreamHub({
    redis,
    log,
    streams: Object.fromEntries(
      partitions.map((partition) => [nameOf(partition.region, partition.part), streamKey(partition)]),
    ),
    topicOf: ({ stream, fields }) => (fields.s === ALL ? ALL : `${stream.slice(0, 2)}/${fields.s}`),
  });

  return {
    /** Where the streams of these SKUs can be found in a cursor. `undefined` for a cursor that is not for them. */
    cursorFor(region: Region, skus: readonly string[], cursor: string) {
      return readCursor(cursor, streamsOf(region, skus));
    },

    /** Where the streams of these SKUs end now. */
    async now(region: Region, skus: readonly string[]): Promise<string> {
      if (!redis.isReady) throw new StockUnavailable('down');
      return writeCursor(await hub.now(streamsOf(region, skus)));
    },

    async follow(
      region: Region,
      skus: readonly string[],
      after?: Readonly<Record<string, string>>,
    ): Promise<AsyncIterableIterator<Change>> {
      if (!redis.isReady) throw new StockUnavailable('down');
      const follower = await hub.follow({
        streams: streamsOf(region, skus),
        topics: skus.map((sku) => `${region}/${sku}`),
        ...(after && { after }),
      });
      let delivered = after ? writeCursor(after) : undefined;
      return mapFollowed(follower, async (followed) => {
        const changes = await changesOf(followed, region, skus, delivered);
        delivered = writeCursor(followed.positions);
        return changes;
      });
    },

    stop: () => hub.stop(),
  };

  async function changesOf(
    { entry, positions }: Followed,
    region: Region,
    skus: readonly string[],
    before: string | undefined,
  ): Promise<Change[]> {
    const cursor = writeCursor(positions);
    if (entry && entry.fields.s !== ALL) {
      const { sku, kind, levels } = readMovement(entry);
      return [{ cursor, sku, kind, levels, at: timeOf(entry) }];
    }
    const affected = entry ? skus.filter((sku) => nameOf(region, partitionOf(sku)) === entry.stream) : skus;
    const current = await live.read(region, affected);
    const at = entry ? timeOf(entry) : now();
    // Only the last one moves the cursor on: whoever leaves in between gets them all again.
    return affected.map((sku, index) => ({
      cursor: index === affected.length - 1 ? cursor : (before ?? cursor),
      sku,
      kind: 'RESYNC' as const,
      levels: current.get(sku)!,
      at,
    }));
  }
}

const streamsOf = (region: Region, skus: readonly string[]): string[] =>
  [...new Set(skus.map((sku) => nameOf(region, partitionOf(sku))))].sort();
