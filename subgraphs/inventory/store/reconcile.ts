import { REGIONS, type Region } from '@aisle/platform/identity';
import type { Redis } from '@aisle/platform/stores';
import { type Partition, partitionsOf } from '../domain/partition.ts';
import type { ConfirmPorts } from './confirm.ts';
import { dueKey, metaKey, pendingKey } from './keys.ts';
import type { LiveStock } from './live.ts';

/** SKUs swept in one round of a partition, and holds ended in one script call. */
const SKUS_PER_ROUND = 50;
const HOLDS_PER_SCRIPT = 200;
const PREPARED_PER_ROUND = 100;

export interface ReconcileTimes {
  /** A prepared movement this old, milliseconds, is looked up in the ledger. @default 5 000 */
  readonly lookAfterMs?: number;
  /** One this old that the ledger does not have is given up: far longer than any request lives. @default 300 000 */
  readonly giveUpAfterMs?: number;
}

/** Redis' clock, epoch milliseconds, moved by what a test asks for. */
async function redisNow(live: LiveStock): Promise<number> {
  return Number(await live.answered(() => live.redis.time().then((time) => millisOf(time)))) + live.offset();
}

function millisOf(time: unknown): number {
  const [seconds, micros] = (Array.isArray(time) ? time : []).map(Number);
  return seconds! * 1000 + Math.floor(micros! / 1000);
}

const forEachPartition = <T>(
  redis: Redis,
  read: (redis: Redis, partition: Partition) => Promise<T>,
): Promise<{ partition: Partition; value: T }[]> =>
  Promise.all(
    REGIONS.flatMap(partitionsOf).map(async (partition) => ({
      partition,
      value: await read(redis, partition),
    })),
  );

/** Ends holds whose time is up, a bounded number a call. @returns how many */
export async function sweep(live: LiveStock): Promise<number> {
  const now = await redisNow(live);
  const due = await forEachPartition(live.redis, (redis, partition) =>
    redis.zRangeByScore(dueKey(partition), '-inf', now, { LIMIT: { offset: 0, count: SKUS_PER_ROUND } }),
  );
  const ended = await Promise.all(
    due.flatMap(({ partition, value }) =>
      value.map((sku) => live.sweep(partition.region, sku, HOLDS_PER_SCRIPT)),
    ),
  );
  return ended.reduce((a, b) => a + b, 0);
}

/**
 * Ends what a crash left between the ledger and Redis: a prepared movement that is booked is carried out, one that is
 * not is given up, which for a sale is first written to the ledger, so that nobody can book it any more.
 * @returns how many were ended
 */
export async function reconcile(
  ports: Pick<ConfirmPorts, 'live' | 'ledger'>,
  times: ReconcileTimes = {},
): Promise<number> {
  const { live } = ports;
  const now = await redisNow(live);
  const { lookAfterMs = 5_000, giveUpAfterMs = 300_000 } = times;
  const found = await forEachPartition(live.redis, async (redis, partition) => {
    const [epoch, prepared] = await Promise.all([
      redis.get(metaKey(partition)),
      redis.zRangeByScoreWithScores(pendingKey(partition), '-inf', now - lookAfterMs, {
        LIMIT: { offset: 0, count: PREPARED_PER_ROUND },
      }),
    ]);
    return { epoch, prepared };
  });
  let ended = 0;
  for (const { partition, value } of found) {
    if (!value.epoch || value.prepared.length === 0) continue;
    const items = value.prepared.map(({ value: member, score }) => ({
      ...split(member),
      lost: score <= now - giveUpAfterMs,
    }));
    ended += await settle(ports, partition.region, value.epoch, items);
  }
  return ended;
}

interface Prepared {
  readonly sku: string;
  readonly liveRef: string;
  readonly ref: string;
  readonly inputHash: string | undefined;
  readonly lost: boolean;
}

/** `sku\nref` or `sku\nref#input hash`. */
function split(member: string): Omit<Prepared, 'lost'> {
  const at = member.indexOf('\n');
  const liveRef = member.slice(at + 1);
  const [ref, inputHash] = liveRef.split('#');
  return { sku: member.slice(0, at), liveRef, ref: ref!, inputHash };
}

async function settle(
  { live, ledger }: Pick<ConfirmPorts, 'live' | 'ledger'>,
  region: Region,
  epoch: string,
  items: readonly Prepared[],
): Promise<number> {
  const known = await ledger.findMany(region, [...new Set(items.map(({ ref }) => ref))]);
  let ended = 0;
  for (const { sku, liveRef, ref, inputHash, lost } of items) {
    const recorded = known.get(ref);
    const isSale = ref.startsWith('ord_') && !ref.includes(':');
    let state: 'DONE' | 'VOID' | undefined = recorded?.state;
    // Booked with another input, or without this SKU: this is not what was booked.
    if (recorded && inputHash !== undefined && recorded.inputHash !== inputHash) state = 'VOID';
    if (recorded && !recorded.skus.has(sku)) state = 'VOID';
    if (!state && !lost) continue;
    state ??= isSale ? await ledger.void(region, ref) : 'VOID';
    if (state === 'DONE') await live.commit(region, liveRef, sku, epoch);
    else await live.release(region, liveRef, sku, 'abort');
    ended++;
  }
  return ended;
}
