import type { Region } from '@aisle/platform/identity';
import { within } from '@aisle/platform/resilience';
import type { Redis } from '@aisle/platform/stores';
import type { Partition } from '../domain/partition.ts';
import { parseUnits, type StockLevels, stockOf, type WarehouseUnits, writeUnits } from '../domain/stock.ts';
import { metaKey, partitionFor, scriptKeys, stateKey } from './keys.ts';
import { createScripts, type ScriptName } from './scripts.ts';
import { StockUnavailable } from './unavailable.ts';

export type ReserveReply =
  | {
      readonly status: 'OK';
      readonly expiresAt: number;
      readonly units: WarehouseUnits[];
      readonly isNew: boolean;
    }
  | { readonly status: 'SHORT'; readonly available: number }
  | { readonly status: 'OTHER' };

export type PrepareReply =
  | { readonly status: 'OK'; readonly epoch: string; readonly units: WarehouseUnits[] }
  | { readonly status: 'EXPIRED'; readonly epoch: string }
  | { readonly status: 'STALE' };

export type BeginReply =
  | {
      readonly status: 'OK';
      readonly kind: string;
      readonly units: WarehouseUnits[];
      readonly levels: string;
    }
  | { readonly status: 'SAME'; readonly kind: ''; readonly units: []; readonly levels: string }
  | { readonly status: 'SHORT'; readonly available: number }
  | { readonly status: 'RANGE'; readonly available: number }
  | { readonly status: 'STALE' };

export type Begin =
  | { readonly mode: 'set' | 'add'; readonly warehouseId: string; readonly units: number }
  | { readonly mode: 'restock'; readonly units: readonly WarehouseUnits[] };

export interface LiveOptions {
  /** `StockLow` is told when what is available falls to this or below. */
  readonly lowThreshold: number;
  /** Movements kept in a partition's stream, roughly. */
  readonly keepMovements: number;
  /** Longest wait for Redis, milliseconds. */
  readonly timeoutMs: number;
  /** Told of every partition found without counters. */
  readonly onMissing: (partition: Partition) => void;
  /** Added to Redis' clock, milliseconds: lets a test make holds run out. @default () => 0 */
  readonly clockOffset?: () => number;
}

/** How long Redis is left alone after it did not answer in time, milliseconds. */
const SILENCE_MS = 500;

export type LiveStock = ReturnType<typeof createLiveStock>;

/** The counters in Redis. One script a SKU; calls made in one tick travel in one round trip. */
export function createLiveStock(redis: Redis, options: LiveOptions) {
  const run = createScripts(redis);
  const offset = options.clockOffset ?? (() => 0);
  let trusted = true;
  let silentUntil = 0;

  async function script(
    name: ScriptName,
    region: Region,
    sku: string,
    ...args: (string | number)[]
  ): Promise<string[]> {
    const partition = partitionFor(region, sku);
    const common = [sku, offset(), options.lowThreshold, options.keepMovements];
    const reply = await answered(() => run(name, scriptKeys(partition, sku), [...common, ...args]));
    if (reply[0] !== 'MISSING') return reply;
    options.onMissing(partition);
    throw new StockUnavailable('missing');
  }

  async function answered<T>(ask: () => Promise<T>): Promise<T> {
    if (!redis.isReady) throw new StockUnavailable('down');
    if (!trusted) throw new StockUnavailable('missing');
    // It has just let somebody wait in vain: the others need not find out one by one.
    if (performance.now() < silentUntil) throw new StockUnavailable('down');
    try {
      return await within(options.timeoutMs, ask(), () => {
        silentUntil = performance.now() + SILENCE_MS;
        return new StockUnavailable('down');
      });
    } catch (error) {
      throw error instanceof StockUnavailable ? error : new StockUnavailable('down', error);
    }
  }

  return {
    redis,
    answered,
    offset,

    /** While Redis may have come back with an older state, nothing is read from it and nothing moved. */
    trust(isTrusted: boolean): void {
      trusted = isTrusted;
    },

    async reserve(
      region: Region,
      orderId: string,
      sku: string,
      quantity: number,
      ttlMs: number,
    ): Promise<ReserveReply> {
      const [status, first, units, age] = await script('reserve', region, sku, orderId, quantity, ttlMs);
      if (status === 'OK')
        return { status, expiresAt: Number(first), units: parseUnits(units!), isNew: age === 'NEW' };
      return status === 'SHORT' ? { status, available: Number(first) } : { status: 'OTHER' };
    },

    /** `retake`: units to take again when the hold ran out or was lost, in the `epoch` where that was seen. */
    async prepare(
      region: Region,
      orderId: string,
      sku: string,
      retake = 0,
      epoch = '',
    ): Promise<PrepareReply> {
      const [status, seen, units] = await script('prepare', region, sku, orderId, retake, epoch);
      if (status === 'OK') return { status, epoch: seen!, units: parseUnits(units!) };
      return status === 'EXPIRED' ? { status, epoch: seen! } : { status: 'STALE' };
    },

    async begin(region: Region, ref: string, sku: string, epoch: string, change: Begin): Promise<BeginReply> {
      const args =
        change.mode === 'restock' ? [writeUnits(change.units)] : [change.warehouseId, change.units];
      const [status, first, kind, units, levels] = await script(
        'begin',
        region,
        sku,
        ref,
        change.mode,
        epoch,
        ...args,
      );
      if (status === 'STALE') return { status };
      if (status === 'SHORT' || status === 'RANGE') return { status, available: Number(first) };
      if (status === 'SAME') return { status, kind: '', units: [], levels: levels! };
      return { status: 'OK', kind: kind!, units: parseUnits(units!), levels: levels! };
    },

    /** `NONE`: there is nothing to commit (any more); `STALE`: the counters were restored meanwhile. */
    async commit(
      region: Region,
      ref: string,
      sku: string,
      epoch: string,
    ): Promise<'OK' | 'NONE' | 'HELD' | 'STALE'> {
      return (await script('commit', region, sku, ref, epoch))[0] as 'OK';
    },

    async release(
      region: Region,
      ref: string,
      sku: string,
      mode: 'held' | 'revert' | 'abort',
    ): Promise<'OK' | 'NONE' | 'PREPARED' | 'SOLD'> {
      return (await script('release', region, sku, ref, mode))[0] as 'OK';
    },

    async sweep(region: Region, sku: string, limit: number): Promise<number> {
      return Number((await script('sweep', region, sku, limit))[1]);
    },

    /** Counters and prepared movements of one SKU at one moment, also while they are not trusted. */
    async look(region: Region, sku: string): Promise<{ levels: string; prepared: string[] }> {
      const args = [sku, offset(), options.lowThreshold, options.keepMovements];
      const [, , levels, prepared] = await run('inspect', scriptKeys(partitionFor(region, sku), sku), args);
      return { levels: levels ?? '', prepared: prepared ? prepared.split('\n') : [] };
    },

    /** The epoch a partition is in. @throws StockUnavailable when it has none */
    async epoch(partition: Partition): Promise<string> {
      const epoch = await answered(() => redis.get(metaKey(partition)));
      if (epoch) return epoch;
      options.onMissing(partition);
      throw new StockUnavailable('missing');
    },

    /** Many SKUs in one round trip. A SKU that never had stock has none. @throws StockUnavailable */
    async read(region: Region, skus: readonly string[]): Promise<Map<string, StockLevels>> {
      const places = skus.map((sku) => partitionFor(region, sku));
      const parts = new Map(places.map((place) => [place.part, place]));
      const epochs = () => Promise.all([...parts.values()].map((place) => redis.get(metaKey(place))));
      // The same epoch before and after: the counters were not lost or restored in between.
      const [before, states, after] = await answered(() =>
        Promise.all([
          epochs(),
          Promise.all(skus.map((sku, index) => redis.hGetAll(stateKey(places[index]!, sku)))),
          epochs(),
        ]),
      );
      const lost = [...parts.values()].filter(
        (_, index) => before[index] === null || before[index] !== after[index],
      );
      for (const place of lost) options.onMissing(place);
      if (lost.length > 0) throw new StockUnavailable('missing');
      return new Map(skus.map((sku, index) => [sku, levelsOf(states[index]!)]));
    },
  };
}

export function levelsOf(state: Record<string, string>): StockLevels {
  const names = Object.keys(state).filter(
    (field) => field.startsWith('o:') || field.startsWith('s:') || field.startsWith('h:'),
  );
  const warehouses = [...new Set(names.map((field) => field.slice(2)))].sort();
  const number = (field: string) => Number(state[field] ?? 0);
  return stockOf(
    warehouses.map((id) => ({
      warehouseId: id,
      onHand: number(`o:${id}`),
      held: number(`h:${id}`),
      sold: number(`s:${id}`),
    })),
  );
}
