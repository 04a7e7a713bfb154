import { setTimeout as sleep } from 'node:timers/promises';
import { errorFields, type Log } from '../log/index.ts';
import type { Redis } from '../stores/index.ts';
import { Follower } from './follower.ts';
import { compareIds, type Positions } from './ids.ts';
import { lastIds, type StreamEntry, toEntry } from './streams.ts';

export interface StreamHubOptions {
  /** For short reads; the blocking reader is a connection of its own. */
  readonly redis: Redis;
  /** Redis key of every stream, by its short name (which is what cursors hold). */
  readonly streams: Readonly<Record<string, string>>;
  /** What an entry is about; `*` reaches everybody who follows its stream. */
  readonly topicOf: (entry: StreamEntry) => string;
  readonly log: Log;
  /** Entries waiting for one follower before it is served from the stream instead. @default 256 */
  readonly buffer?: number;
  /** Most followers of one process. @default 20 000 */
  readonly maxFollowers?: number;
}

export interface FollowOptions {
  readonly streams: readonly string[];
  readonly topics: readonly string[];
  /** Go on after these; from now on when absent. */
  readonly after?: Positions;
}

export interface StreamHub {
  /** Where these streams end now: who follows after it misses nothing from now on. @throws Redis errors */
  now(streams: readonly string[]): Promise<Positions>;
  /** @throws RangeError when there are too many followers; Redis errors. */
  follow(options: FollowOptions): Promise<Follower>;
  stop(): Promise<void>;
}

const BLOCK_MS = 2_000;
/** Entries that arrive within this many milliseconds are read together. */
const GATHER_MS = 4;
const COUNT = 1_000;

/**
 * Fans Redis streams out to many followers with one blocking reader a process, which runs only while somebody follows.
 * A follower that is too slow for its buffer reads the stream itself until it has caught up, so nothing is lost or kept
 * twice; when the stream no longer holds what it missed, it is told so.
 */
export function createStreamHub(options: StreamHubOptions): StreamHub {
  const { redis, streams, log, topicOf } = options;
  const names = Object.keys(streams);
  const nameOf = new Map(names.map((name) => [streams[name]!, name]));
  const followers = new Set<Follower>();
  const byTopic = new Map<string, Set<Follower>>();
  let positions: Record<string, string> | undefined;
  let starting: Promise<void> | undefined;
  let running: Promise<void> | undefined;
  let reader: Redis | undefined;
  let stopped = false;

  function dispatch(entry: StreamEntry): void {
    positions![entry.stream] = entry.id;
    const topic = topicOf(entry);
    const reached = topic === '*' ? followers : byTopic.get(topic);
    for (const follower of reached ?? []) follower.offer(entry);
  }

  /** A stream that ends before what was read of it was lost and began anew. */
  async function notice(): Promise<void> {
    const ends = await lastIds(redis, streams, names);
    const lost = names.filter((name) => compareIds(ends[name]!, positions![name]!) < 0);
    for (const name of lost) positions![name] = ends[name]!;
    if (lost.length > 0) for (const follower of followers) follower.distrust();
  }

  async function read(): Promise<void> {
    let checkedAt = performance.now();
    while (followers.size > 0 && !stopped) {
      try {
        const reply = await reader!.xRead(
          names.map((name) => ({ key: streams[name]!, id: positions![name]! })),
          { BLOCK: BLOCK_MS, COUNT },
        );
        const found = (reply ?? []) as {
          name: string;
          messages: { id: string; message: Record<string, string> }[];
        }[];
        for (const { name, messages } of found)
          for (const message of messages) dispatch(toEntry(nameOf.get(String(name))!, message));
        if (performance.now() - checkedAt > BLOCK_MS) {
          await notice();
          checkedAt = performance.now();
        }
        if (found.length > 0) await sleep(GATHER_MS);
      } catch (error) {
        if (stopped) return;
        log.warn('live updates are interrupted', errorFields(error));
        for (const follower of followers) follower.distrust();
        await sleep(250);
      }
    }
  }

  async function start(): Promise<void> {
    positions = await lastIds(redis, streams, names);
    reader = redis.duplicate();
    reader.on('error', () => {});
    await reader.connect();
    running = read().finally(() => {
      reader?.destroy();
      reader = undefined;
      positions = undefined;
      starting = undefined;
      // Somebody may have come while the reader was leaving.
      if (followers.size > 0 && !stopped)
        ensure().catch((error: unknown) => log.warn('live updates could not restart', errorFields(error)));
    });
  }

  function ensure(): Promise<void> {
    starting ??= start().catch((error: unknown) => {
      starting = undefined;
      throw error;
    });
    return starting;
  }

  function remove(follower: Follower): void {
    followers.delete(follower);
    for (const topic of follower.topics) {
      const set = byTopic.get(topic);
      set?.delete(follower);
      if (set?.size === 0) byTopic.delete(topic);
    }
  }

  return {
    now: (wanted) => lastIds(redis, streams, wanted),
    async follow({ streams: wanted, topics, after }) {
      if (stopped) throw new Error('Live updates have ended.');
      if (followers.size >= (options.maxFollowers ?? 20_000))
        throw new RangeError('Too many live subscriptions.');
      const from = after ?? (await lastIds(redis, streams, wanted));
      const follower = new Follower({
        redis,
        streams,
        wanted,
        topics,
        from,
        resumed: after !== undefined,
        topicOf,
        limit: options.buffer ?? 256,
        hubPositions: () => positions,
        leave: remove,
      });
      followers.add(follower);
      for (const topic of topics) byTopic.set(topic, (byTopic.get(topic) ?? new Set()).add(follower));
      try {
        await ensure();
      } catch (error) {
        await follower.return();
        throw error;
      }
      return follower;
    },
    async stop() {
      stopped = true;
      for (const follower of [...followers]) await follower.return();
      reader?.destroy();
      await running?.catch(() => {});
    },
  };
}
