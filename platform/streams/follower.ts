import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from '../stores/index.ts';
import { compareIds, type Positions, START } from './ids.ts';
import { lostAfter, type StreamEntry, toEntry } from './streams.ts';

/** An entry, or (`lost`) word that entries before this position are no longer to be had. */
export interface Followed {
  readonly entry?: StreamEntry;
  readonly lost: boolean;
  /** Everything up to here has been delivered once this has. */
  readonly positions: Positions;
}

export interface FollowerOptions {
  readonly redis: Redis;
  readonly streams: Readonly<Record<string, string>>;
  readonly wanted: readonly string[];
  readonly topics: readonly string[];
  readonly from: Positions;
  readonly resumed: boolean;
  readonly topicOf: (entry: StreamEntry) => string;
  readonly limit: number;
  /** How far the hub has offered entries; nothing when its reader does not run. */
  readonly hubPositions: () => Positions | undefined;
  readonly leave: (follower: Follower) => void;
}

const PAGE = 200;
/** Between two looks when the hub is ahead and the stream has nothing (yet, or any more). */
const IDLE_MS = 10;

/** One reader of some topics of some streams: live from the hub's offers, or behind and reading the streams itself. */
export class Follower implements AsyncIterableIterator<Followed> {
  readonly topics: readonly string[];
  readonly #options: FollowerOptions;
  readonly #wanted: ReadonlySet<string>;
  readonly #topicSet: ReadonlySet<string>;
  /** How far it has read into the buffer, and how far the buffer has been delivered. */
  readonly #read: Record<string, string>;
  readonly #delivered: Record<string, string>;
  #buffer: StreamEntry[] = [];
  #live = false;
  /** Whether the next read must first make sure that the streams still hold what follows. */
  #check: boolean;
  #wake: (() => void) | undefined;
  #ended = false;

  constructor(options: FollowerOptions) {
    this.#options = options;
    this.topics = options.topics;
    this.#wanted = new Set(options.wanted);
    this.#topicSet = new Set(options.topics);
    this.#read = { ...options.from };
    this.#delivered = { ...options.from };
    this.#check = options.resumed;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Called by the hub, in order, for each entry of a topic of this follower. */
  offer(entry: StreamEntry): void {
    if (this.#ended || !this.#wanted.has(entry.stream)) return;
    if (this.#live && compareIds(entry.id, this.#read[entry.stream] ?? START) > 0) {
      if (this.#buffer.length >= this.#options.limit) this.#live = false;
      else {
        this.#buffer.push(entry);
        this.#read[entry.stream] = entry.id;
      }
    }
    this.#wake?.();
  }

  /** The hub's reader was interrupted: what it offered may have a hole. */
  distrust(): void {
    this.#live = false;
    this.#check = true;
    this.#wake?.();
  }

  async next(): Promise<IteratorResult<Followed>> {
    while (!this.#ended) {
      const entry = this.#buffer.shift();
      if (entry) return { done: false, value: this.#deliver(entry) };
      if (this.#live) await this.#woken();
      else if (await this.#catchUp())
        return { done: false, value: { lost: true, positions: { ...this.#delivered } } };
    }
    return { done: true, value: undefined };
  }

  async return(): Promise<IteratorResult<Followed>> {
    if (!this.#ended) {
      this.#ended = true;
      this.#buffer = [];
      this.#options.leave(this);
      this.#wake?.();
    }
    return { done: true, value: undefined };
  }

  #deliver(entry: StreamEntry): Followed {
    this.#delivered[entry.stream] = entry.id;
    // With nothing waiting, all that was read without being for this follower counts as delivered too.
    if (this.#buffer.length === 0) {
      if (this.#live) this.#advance(this.#options.hubPositions());
      Object.assign(this.#delivered, this.#read);
    }
    return { entry, lost: false, positions: { ...this.#delivered } };
  }

  #advance(to: Positions | undefined): void {
    for (const name of this.#options.wanted) {
      const id = to?.[name];
      if (id && compareIds(id, this.#read[name] ?? START) > 0) this.#read[name] = id;
    }
  }

  /** Whether it has read all that the hub has offered: only then may it live on the offers. */
  #caughtUp(): boolean {
    const hub = this.#options.hubPositions();
    return (
      hub !== undefined &&
      this.#options.wanted.every((name) => compareIds(this.#read[name] ?? START, hub[name] ?? START) >= 0)
    );
  }

  #woken(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = () => {
        this.#wake = undefined;
        resolve();
      };
    });
  }

  /** Reads the next page of what was missed. @returns true when some of it is gone for good */
  async #catchUp(): Promise<boolean> {
    const { redis, streams, wanted, topicOf } = this.#options;
    if (this.#check) {
      const lost = await Promise.all(
        wanted.map((name) => lostAfter(redis, streams[name]!, this.#read[name] ?? START)),
      );
      this.#check = false;
      if (lost.some(Boolean)) {
        await Promise.all(wanted.filter((_, index) => lost[index]).map((name) => this.#skipToEnd(name)));
        return true;
      }
    }
    const pages = await Promise.all(
      wanted.map((name) =>
        redis.xRange(streams[name]!, `(${this.#read[name] ?? START}`, '+', { COUNT: PAGE }),
      ),
    );
    for (const [index, name] of wanted.entries())
      for (const message of pages[index] ?? []) {
        const entry = toEntry(name, message as { id: string; message: Record<string, string> });
        this.#read[name] = entry.id;
        const topic = topicOf(entry);
        if (topic === '*' || this.#topicSet.has(topic)) this.#buffer.push(entry);
      }
    // In one tick with the look at the hub's position: no entry can pass between the two.
    if (pages.every((page) => (page ?? []).length < PAGE) && this.#caughtUp()) this.#live = true;
    else if (pages.every((page) => (page ?? []).length === 0)) await sleep(IDLE_MS);
    return false;
  }

  async #skipToEnd(name: string): Promise<void> {
    const { redis, streams } = this.#options;
    const newest = await redis.xRevRange(streams[name]!, '+', '-', { COUNT: 1 });
    const id = newest?.[0] ? String(newest[0].id) : START;
    this.#read[name] = id;
    this.#delivered[name] = id;
  }
}
