import type { AisleEvent, Bus } from '@aisle/platform/bus';
import { REGIONS, type Region } from '@aisle/platform/identity';
import type { Redis } from '@aisle/platform/stores';
import { timeOf } from '@aisle/platform/streams';
import { type Partition, partitionsOf } from '../domain/partition.ts';
import { stockLow, stockUpdated } from '../events/published.ts';
import { createAnnouncer } from './announce.ts';
import { ALL, readMovement } from './changes.ts';
import { streamKey } from './keys.ts';

const GROUP = 'bus';
// One name for every process: each gets entries of its own all the same, and no dead names pile up in the group.
const CONSUMER = 'relay';
const BATCH = 1_000;
/** An entry that its reader took this long ago without finishing is taken over, milliseconds. */
const TAKE_OVER_MS = 30_000;
const PER_PUBLISH = 500;

interface Taken {
  readonly region: Region;
  readonly id: string;
  readonly fields: Record<string, string>;
}

/**
 * Publishes what the partitions' streams hold, each flush the newest state of each SKU. A consumer group remembers what
 * was published: an entry is acknowledged after the bus has it, so a crash publishes it again, under the same event id.
 */
export function createRelay(
  redis: Redis,
  bus: Pick<Bus, 'publish'>,
  { takeOverMs = TAKE_OVER_MS }: { takeOverMs?: number } = {},
) {
  const partitions = REGIONS.flatMap(partitionsOf);
  const byKey = new Map(partitions.map((partition) => [streamKey(partition), partition]));
  let grouped = false;
  const finish = async (partition: Partition, ids: string[]): Promise<void> => {
    if (ids.length > 0) await redis.xAck(streamKey(partition), GROUP, ids);
  };
  const announcer = createAnnouncer(redis, bus, finish);

  async function ensureGroups(): Promise<void> {
    if (grouped) return;
    await Promise.all(
      partitions.map((partition) =>
        redis.xGroupCreate(streamKey(partition), GROUP, '0', { MKSTREAM: true }).catch((error: Error) => {
          if (!error.message.startsWith('BUSYGROUP')) throw error;
        }),
      ),
    );
    grouped = true;
  }

  async function takeNew(): Promise<Map<Partition, Taken[]>> {
    const keys = [...byKey.keys()];
    const reply = await redis.xReadGroup(
      GROUP,
      CONSUMER,
      keys.map((key) => ({ key, id: '>' })),
      { COUNT: BATCH },
    );
    const found = (reply ?? []) as {
      name: string;
      messages: { id: string; message: Record<string, string> }[];
    }[];
    return new Map(found.map(({ name, messages }) => taken(byKey.get(String(name))!, messages)));
  }

  /** What another relay (or this one, before a crash) took and did not finish. */
  async function takeOver(): Promise<Map<Partition, Taken[]>> {
    const replies = await Promise.all(
      partitions.map(async (partition) => {
        const { messages } = await redis.xAutoClaim(
          streamKey(partition),
          GROUP,
          CONSUMER,
          takeOverMs,
          '0-0',
          { COUNT: BATCH },
        );
        return taken(
          partition,
          messages.flatMap((message) => message ?? []),
        );
      }),
    );
    return new Map(replies.filter(([, entries]) => entries.length > 0));
  }

  function taken(
    partition: Partition,
    messages: readonly { id: unknown; message: Record<string, string> }[],
  ): [Partition, Taken[]] {
    return [
      partition,
      messages.map(({ id, message }) => ({ region: partition.region, id: String(id), fields: message })),
    ];
  }

  async function publish(batch: Map<Partition, Taken[]>): Promise<number> {
    const entries = [...batch.values()].flat();
    const events = eventsOf(entries);
    for (let at = 0; at < events.length; at += PER_PUBLISH)
      await bus.publish('inventory', events.slice(at, at + PER_PUBLISH));
    await Promise.all(
      [...batch].map(([partition, list]) => {
        for (const entry of list) if (wasRestored(entry)) announcer.add(partition, entry.id);
        return finish(
          partition,
          list.filter((entry) => !wasRestored(entry)).map(({ id }) => id),
        );
      }),
    );
    return entries.length;
  }

  return {
    /** Partitions that were restored and are not told of yet. */
    restored: () => announcer.waiting(),

    /** One bounded round. @returns how many movements it covered */
    async flush(): Promise<number> {
      try {
        await ensureGroups();
        const over = await takeOver();
        const covered = (await publish(over)) + (await publish(await takeNew()));
        await announcer.round();
        return covered;
      } catch (error) {
        // The streams were lost: the groups are made anew, and read what was added since.
        if (error instanceof Error && error.message.startsWith('NOGROUP')) grouped = false;
        throw error;
      }
    },
  };
}

/** The entry with which a partition is opened. At the first opening ever nobody knew of other stock before. */
const wasRestored = ({ fields }: Taken) => fields.s === ALL && Number(fields.v) > 1;

function eventsOf(entries: readonly Taken[]): AisleEvent[] {
  const newest = new Map<string, { entry: Taken; low: boolean }>();
  for (const entry of entries) {
    if (entry.fields.s === ALL) continue;
    const key = `${entry.region}/${entry.fields.s}`;
    const earlier = newest.get(key);
    newest.set(key, { entry, low: entry.fields.low === '1' || (earlier?.low ?? false) });
  }
  return [...newest.values()].flatMap(({ entry, low }) => {
    const movement = readMovement(entry);
    const at = timeOf(entry);
    return low
      ? [stockUpdated(entry.region, movement, at), stockLow(entry.region, movement, at)]
      : [stockUpdated(entry.region, movement, at)];
  });
}
