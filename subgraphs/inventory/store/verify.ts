import { setTimeout as sleep } from 'node:timers/promises';
import { REGIONS, type Region } from '@aisle/platform/identity';
import type { Log } from '@aisle/platform/log';
import { errorFields } from '@aisle/platform/log';
import type { Databases } from '@aisle/platform/stores';
import { partitionOf, partitionsOf } from '../domain/partition.ts';
import { parseLevels, type StockLevels } from '../domain/stock.ts';
import { metaKey, partitionFor, skusKey, stateKey } from './keys.ts';
import type { Ledger } from './ledger.ts';
import { type LiveStock, levelsOf } from './live.ts';
import type { Rebuilder } from './rebuild.ts';

/** Commands sent in one round trip. */
const CHUNK = 500;
/** Movements on their way settle in between; what still differs after these looks is looked at with the books closed. */
const LOOKS = 3;
const BETWEEN_LOOKS_MS = 200;

export interface VerifyPorts {
  readonly live: LiveStock;
  readonly ledger: Ledger;
  readonly rebuilder: Rebuilder;
  readonly databases: Databases;
  readonly log: Log;
}

/** What the comparison is about: holds are Redis' own. */
const books = ({ warehouses }: Pick<StockLevels, 'warehouses'>): string =>
  warehouses
    .filter(({ onHand, sold }) => onHand !== 0 || sold !== 0)
    .map(({ warehouseId, onHand, sold }) => `${warehouseId}=${onHand}/${sold}`)
    .sort()
    .join();

/**
 * Compares the live counters with the ledger, and restores every partition that differs: Redis may have come back with
 * an older state (a fail-over, a disk that lost writes). @returns partitions restored
 */
export async function verify(ports: VerifyPorts): Promise<number> {
  const counts = await Promise.all(REGIONS.map((region) => verifyRegion(ports, region)));
  return counts.reduce((a, b) => a + b, 0);
}

async function verifyRegion(ports: VerifyPorts, region: Region): Promise<number> {
  let stale = await staleParts(ports, region);
  let suspects = await differing(ports, region, await allSkus(ports, region));
  for (let look = 1; look < LOOKS && suspects.length + stale.length > 0; look++) {
    await sleep(BETWEEN_LOOKS_MS);
    const again = new Set(await staleParts(ports, region));
    stale = stale.filter((part) => again.has(part));
    suspects = await differing(ports, region, suspects);
  }
  const parts = new Set(stale);
  for (const sku of suspects)
    if (!parts.has(partitionOf(sku)) && (await isWrong(ports, region, sku))) parts.add(partitionOf(sku));
  if (parts.size === 0) return 0;
  ports.log.error('the live counters contradict the ledger and are restored', {
    region,
    parts: [...parts],
    skus: suspects.slice(0, 20),
  });
  await ports.rebuilder.rebuild(region, [...parts]);
  return parts.size;
}

/** Partitions that are open in another epoch than the ledger's: nothing that is prepared there could be booked. */
async function staleParts({ live, databases }: VerifyPorts, region: Region): Promise<number[]> {
  const partitions = partitionsOf(region);
  const [open, rows] = await Promise.all([
    Promise.all(partitions.map((partition) => live.redis.get(metaKey(partition)))),
    databases
      .of(region)
      .query<{ part: number; epoch: string }>('SELECT part, epoch::text AS epoch FROM partition_epoch'),
  ]);
  const known = new Map(rows.map(({ part, epoch }) => [part, epoch]));
  return partitions
    .filter(({ part }) => open[part] !== null && open[part] !== known.get(part))
    .map(({ part }) => part);
}

async function allSkus({ live, ledger }: VerifyPorts, region: Region): Promise<string[]> {
  const [counted, booked] = await Promise.all([
    Promise.all(partitionsOf(region).map((partition) => live.redis.sMembers(skusKey(partition)))),
    ledger.skus(region),
  ]);
  return [...new Set([...counted.flat(), ...booked])];
}

/** SKUs whose counters are not what the ledger says, in partitions that are open. */
async function differing(
  { live, ledger }: VerifyPorts,
  region: Region,
  skus: readonly string[],
): Promise<string[]> {
  const found: string[] = [];
  const partitions = partitionsOf(region);
  const epochs = await Promise.all(partitions.map((partition) => live.redis.get(metaKey(partition))));
  for (let at = 0; at < skus.length; at += CHUNK) {
    const chunk = skus.slice(at, at + CHUNK).filter((sku) => epochs[partitionOf(sku)] !== null);
    const [states, booked] = await Promise.all([
      Promise.all(chunk.map((sku) => live.redis.hGetAll(stateKey(partitionFor(region, sku), sku)))),
      ledger.read(region, chunk),
    ]);
    found.push(...chunk.filter((sku, index) => books(levelsOf(states[index]!)) !== books(booked.get(sku)!)));
  }
  return found;
}

/** With the partition's books closed for the moment: a difference that no prepared movement can explain. */
function isWrong({ live, ledger, databases }: VerifyPorts, region: Region, sku: string): Promise<boolean> {
  return databases.of(region).transaction(async (tx) => {
    await tx.query('SELECT 1 FROM partition_epoch WHERE part = $1 FOR UPDATE', [partitionOf(sku)]);
    const [booked, seen] = await Promise.all([ledger.read(region, [sku]), live.look(region, sku)]);
    return (
      seen.prepared.length === 0 &&
      books({ warehouses: parseLevels(seen.levels) }) !== books(booked.get(sku)!)
    );
  });
}

/**
 * Compares after each start of Redis, which is told by its run id: until that is done, stock is unavailable.
 * @returns stops watching
 */
export function watchRestarts(ports: VerifyPorts, initialRunId: string): () => void {
  const { live, log } = ports;
  let verifiedRun = initialRunId;
  let losses = 0;
  const check = async () => {
    const seen = losses;
    const run = await runIdOf(live);
    if (run !== verifiedRun) await verify(ports);
    verifiedRun = run;
    // Lost again meanwhile: the check after that loss decides.
    if (losses === seen) live.trust(true);
  };
  const onLost = () => {
    losses++;
    live.trust(false);
  };
  const onReady = () => {
    check().catch((error: unknown) => {
      // What was not compared is not sold from.
      log.warn('the live counters could not be compared', errorFields(error));
      if (live.redis.isReady) setTimeout(onReady, BETWEEN_LOOKS_MS).unref();
    });
  };
  live.redis.on('reconnecting', onLost);
  live.redis.on('ready', onReady);
  return () => {
    live.redis.off('reconnecting', onLost);
    live.redis.off('ready', onReady);
  };
}

/** Changes whenever Redis starts anew. */
export async function runIdOf({ redis }: Pick<LiveStock, 'redis'>): Promise<string> {
  return /run_id:(\w+)/.exec(await redis.info('server'))?.[1] ?? '';
}
