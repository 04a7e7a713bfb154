import type { Region } from '@aisle/platform/identity';
import { errorFields, type Log } from '@aisle/platform/log';
import type { Database } from '@aisle/platform/stores';
import type { Position } from './cursor.ts';
import { horizon, type PlacedStep, tail } from './steps.ts';

/** Someone who wants the steps of one user. */
export interface Listener {
  readonly userId: string;
  push(step: PlacedStep): void;
}

const BATCH = 500;
/** Between looks for what no wake-up told of, milliseconds. */
const SWEEP_MS = 1_000;
/** How long wake-ups are gathered, milliseconds. */
const GATHER_MS = 5;
/** Between looks while a running transaction holds the stream up, milliseconds. */
const HELD_UP_MS = 15;

/**
 * Reads one region's stream of steps once for all subscribers of this process, and only while there are any.
 * Other processes' commits wake it through LISTEN; one that is lost costs a sweep interval.
 */
export class Tailer {
  readonly #database: Database;
  readonly #region: Region;
  readonly #channel: string;
  readonly #log: Log;
  readonly #listeners = new Map<string, Set<Listener>>();
  #position: Position | undefined;
  #timer: NodeJS.Timeout | undefined;
  #dueAt = Number.POSITIVE_INFINITY;
  #reading: Promise<void> | undefined;
  #client: { end(): Promise<void> } | undefined;
  #stopped = false;

  constructor(database: Database, region: Region, channel: string, log: Log) {
    this.#database = database;
    this.#region = region;
    this.#channel = channel;
    this.#log = log;
  }

  /** Where the stream has been told up to. Only while somebody listens. */
  get position(): Position {
    return this.#position!;
  }

  /** @returns when every later step will reach the listener; what is up to `position` is its own to read. */
  async join(listener: Listener): Promise<void> {
    const set = this.#listeners.get(listener.userId) ?? new Set();
    this.#listeners.set(listener.userId, set.add(listener));
    await this.#listen();
    if (!this.#position) {
      const start = await horizon(this.#database);
      if (this.#listeners.size > 0) this.#position ??= start;
    }
    this.wake();
  }

  leave(listener: Listener): void {
    const set = this.#listeners.get(listener.userId);
    set?.delete(listener);
    if (set?.size === 0) this.#listeners.delete(listener.userId);
    if (this.#listeners.size > 0) return;
    clearTimeout(this.#timer);
    this.#dueAt = Number.POSITIVE_INFINITY;
    this.#position = undefined;
  }

  /** Something was committed. */
  wake(): void {
    this.#later(GATHER_MS);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#reading;
    await this.#client?.end().catch(() => {});
  }

  #later(ms: number): void {
    if (this.#stopped || this.#listeners.size === 0) return;
    const dueAt = performance.now() + ms;
    if (dueAt >= this.#dueAt) return;
    clearTimeout(this.#timer);
    this.#dueAt = dueAt;
    this.#timer = setTimeout(() => {
      this.#dueAt = Number.POSITIVE_INFINITY;
      this.#reading = (this.#reading ?? Promise.resolve()).then(() => this.#read());
    }, ms);
    this.#timer.unref();
  }

  async #read(): Promise<void> {
    await this.#listen();
    try {
      for (let full = true; full && this.#position && !this.#stopped; ) {
        const from = this.#position;
        const { steps, isHeldUp, isFull } = await tail(this.#database, this.#region, from, BATCH);
        // Everybody left meanwhile, and perhaps somebody came: then the stream is told from another place.
        if (this.#position !== from) break;
        for (const step of steps)
          for (const one of this.#listeners.get(step.step.userId) ?? []) one.push(step);
        const last = steps.at(-1);
        if (last) this.#position = { xact: last.xact, seq: last.seq };
        if (isHeldUp) this.#later(HELD_UP_MS);
        full = isFull && !isHeldUp;
      }
    } catch (error) {
      this.#log.warn('order steps not read', { region: this.#region, ...errorFields(error) });
    }
    this.#later(SWEEP_MS);
  }

  /** Without the connection steps of other processes come with the next sweep. */
  async #listen(): Promise<void> {
    if (this.#client || this.#stopped) return;
    await this.#connect().catch((error: unknown) =>
      this.#log.warn('order steps not listened for', { region: this.#region, ...errorFields(error) }),
    );
  }

  async #connect(): Promise<void> {
    const client = await this.#database.connect();
    if (this.#client) return void client.end().catch(() => {});
    this.#client = client;
    const drop = () => {
      if (this.#client === client) this.#client = undefined;
    };
    client.on('error', drop);
    client.on('end', drop);
    client.on('notification', () => this.wake());
    await client.query(`LISTEN ${this.#channel}`);
  }
}
