import { REGIONS, type Region } from '@aisle/platform/identity';
import type { Log } from '@aisle/platform/log';
import { errorFields } from '@aisle/platform/log';
import type { Databases, Redis } from '@aisle/platform/stores';
import type { Meter } from '@aisle/platform/telemetry';
import { type Partition, partitionsOf } from '../domain/partition.ts';
import { metaKey, scriptKeys, skusKey } from './keys.ts';
import { createScripts } from './scripts.ts';

/** Scripts sent in one round trip while restoring. */
const CHUNK = 500;
const RETRY_MS = 1_000;

export interface RebuildOptions {
  readonly redis: Redis;
  readonly databases: Databases;
  readonly log: Log;
  readonly meter: Meter;
}

export type Rebuilder = ReturnType<typeof createRebuilder>;

/**
 * Restores the live counters from the ledger. Safe under traffic: a partition without its epoch refuses every movement,
 * and raising the epoch in PostgreSQL first makes every movement that was prepared before unbookable, so the sums stand
 * still while they are copied.
 */
export function createRebuilder({ redis, databases, log, meter }: RebuildOptions) {
  const run = createScripts(redis);
  const rebuilt = meter.counter('inventory_rebuilt_partitions_total', 'Partitions restored from the ledger');
  const running = new Map<Region, Promise<number>>();
  let stopped = false;
  let retry: NodeJS.Timeout | undefined;

  async function missing(region: Region): Promise<Partition[]> {
    const partitions = partitionsOf(region);
    const epochs = await Promise.all(partitions.map((partition) => redis.get(metaKey(partition))));
    return partitions.filter((_, index) => epochs[index] === null);
  }

  async function restore(region: Region, only: readonly number[] | undefined): Promise<number> {
    const database = databases.of(region);
    return database.transaction(async (tx) => {
      const [lock] = await tx.query<{ got: boolean }>(
        `SELECT pg_try_advisory_xact_lock(hashtext('inventory-rebuild')) AS got`,
      );
      if (!lock!.got) return 0;
      if (only) await Promise.all(only.map((part) => redis.del(metaKey({ region, part }))));
      const partitions = await missing(region);
      if (partitions.length === 0) return 0;
      const parts = partitions.map(({ part }) => part);
      // On another connection: it has to be committed before the sums are read.
      const epochs = await database.query<{ part: number; epoch: bigint }>(
        `INSERT INTO partition_epoch (part, epoch) SELECT unnest($1::smallint[]), 1
         ON CONFLICT (part) DO UPDATE SET epoch = partition_epoch.epoch + 1 RETURNING part, epoch`,
        [parts],
      );
      const sums = await database.query<{ part: number; sku: string; levels: string }>(
        `SELECT part, sku, string_agg(warehouse_id || '=' || on_hand || '/' || sold, ',' ORDER BY warehouse_id) AS levels
         FROM (SELECT part, sku, warehouse_id, sum(on_hand) AS on_hand, sum(sold) AS sold FROM ledger
               WHERE part = ANY($1) GROUP BY part, sku, warehouse_id) AS level GROUP BY part, sku`,
        [parts],
      );
      const known = new Set(sums.map(({ sku }) => sku));
      const left = await Promise.all(
        partitions.map(async ({ part }) =>
          (await redis.sMembers(skusKey({ region, part }))).map((sku) => ({ part, sku, levels: '' })),
        ),
      );
      const work = [...sums, ...left.flat().filter(({ sku }) => !known.has(sku))];
      for (let at = 0; at < work.length; at += CHUNK) {
        const chunk = work.slice(at, at + CHUNK);
        await Promise.all(
          chunk.map(({ part, sku, levels }) =>
            run('restore', scriptKeys({ region, part }, sku), [sku, levels]),
          ),
        );
        // Keeps the transaction, and with it the lock, from being ended as idle.
        await tx.query('SELECT 1');
      }
      await Promise.all(
        epochs.map(({ part, epoch }) => run('open', scriptKeys({ region, part }, ''), [String(epoch)])),
      );
      rebuilt.add(partitions.length, { region });
      log.info('stock restored from the ledger', {
        region,
        partitions: partitions.length,
        skus: sums.length,
      });
      return partitions.length;
    });
  }

  /** At once for one region: a call while one runs gets that one's outcome. @returns partitions restored */
  function rebuild(region: Region, only?: readonly number[]): Promise<number> {
    const current = running.get(region);
    if (current) return only ? current.then(() => rebuild(region, only)) : current;
    const work = restore(region, only).finally(() => running.delete(region));
    running.set(region, work);
    return work;
  }

  /** Starts a rebuild in the background; until it has succeeded it is tried again every second. */
  function request(region: Region): void {
    if (stopped || running.has(region)) return;
    rebuild(region).catch((error: unknown) => {
      log.warn('stock could not be restored', { region, ...errorFields(error) });
      if (stopped || retry) return;
      retry = setTimeout(() => {
        retry = undefined;
        request(region);
      }, RETRY_MS);
      retry.unref();
    });
  }

  return {
    rebuild,
    request,
    /** Restores partitions in which nothing can be booked any more, in the background. */
    renew(region: Region, parts: readonly number[]): void {
      if (!stopped) rebuild(region, parts).catch(() => request(region));
    },
    /** Restores whatever is missing, in every region. */
    async restoreAll(): Promise<void> {
      await Promise.all(REGIONS.map((region) => rebuild(region)));
    },
    async stop(): Promise<void> {
      stopped = true;
      clearTimeout(retry);
      await Promise.allSettled(running.values());
    },
  };
}
