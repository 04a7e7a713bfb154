import { randomUUID } from 'node:crypto';
import type { ClientSession, Collection } from 'mongodb';
import type { AisleEvent, Bus } from '../bus/index.ts';
import type { Clock } from '../clock/index.ts';
import { errorFields, type Log } from '../log/index.ts';
import type { Mongo } from '../stores/mongo.ts';
import type { Meter } from '../telemetry/index.ts';

/** An event and how far its sending got. Times are epoch milliseconds. */
export interface OutboxDocument {
  readonly _id: string;
  readonly event: AisleEvent;
  readonly createdAt: number;
  readonly sentAt: number | null;
  /** Until when the relay `leasedBy` may be sending it; another may take it after that. */
  readonly leasedUntil: number;
  readonly leasedBy: string | null;
  readonly tries: number;
}

export interface MongoOutbox {
  /** Puts events beside the change they tell of: give the session of the change's transaction. */
  append(session: ClientSession, events: readonly AisleEvent[]): Promise<void>;
  /** Sends what is due, up to a bound. @returns how many the bus took. */
  flush(): Promise<number>;
  /** Flushes whenever a change stream tells of a new event, and every sweep interval whatever it tells. */
  relay(): { readonly name: string; stop(): Promise<void> };
}

export interface MongoOutboxOptions {
  readonly mongo: Mongo;
  /** The context, which is the topic. */
  readonly producer: string;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly log: Log;
  readonly meter?: Meter;
  /** How long a relay may keep what it took, milliseconds: longer than a publish can take. @default 30 000 */
  readonly leaseMs?: number;
  /** A lost wake-up costs at most this, milliseconds. @default 5 000 */
  readonly sweepMs?: number;
  /** How long sent events are kept for the auditor, milliseconds. @default 7 days */
  readonly keepMs?: number;
}

/** Most events taken at once, and most rounds of one flush: a backlog is worked off without starving anything. */
const BATCH = 100;
const MAX_ROUNDS = 50;
const MAX_BACKOFF_MS = 60_000;
const DAY_MS = 86_400_000;

/** Prepares the collection (it must exist before a transaction writes to it) and its index. */
export async function openMongoOutbox(options: MongoOutboxOptions): Promise<MongoOutbox> {
  const { mongo, clock, log } = options;
  const leaseMs = options.leaseMs ?? 30_000;
  const outbox: Collection<OutboxDocument> = mongo.db.collection('outbox');
  await outbox.createIndex({ sentAt: 1, createdAt: 1 });
  const sent = options.meter?.counter('outbox_sent_total', 'Events the bus took');
  const failed = options.meter?.counter('outbox_failures_total', 'Publishes that failed');

  async function take(): Promise<{ lease: string; events: OutboxDocument[] }> {
    const now = clock.now();
    const due = { sentAt: null, leasedUntil: { $lt: now } };
    const found = await outbox
      .find(due, { projection: { _id: 1 } })
      .sort({ createdAt: 1, _id: 1 })
      .limit(BATCH)
      .toArray();
    if (found.length === 0) return { lease: '', events: [] };
    const lease = randomUUID();
    const ids = found.map(({ _id }) => _id);
    // Two relays may have found the same: the condition is checked again per document as it is written.
    await outbox.updateMany(
      { _id: { $in: ids }, ...due },
      { $set: { leasedBy: lease, leasedUntil: now + leaseMs } },
    );
    const events = await outbox
      .find({ _id: { $in: ids }, leasedBy: lease, sentAt: null })
      .sort({ createdAt: 1, _id: 1 })
      .toArray();
    return { lease, events };
  }

  async function round(): Promise<{ taken: number; sent: number }> {
    const { lease, events } = await take();
    if (events.length === 0) return { taken: 0, sent: 0 };
    const mine = { _id: { $in: events.map(({ _id }) => _id) }, leasedBy: lease };
    try {
      await options.bus.publish(
        options.producer,
        events.map(({ event }) => event),
      );
    } catch (error) {
      failed?.add();
      const tries = Math.max(...events.map((event) => event.tries)) + 1;
      const backoff = Math.min(250 * 2 ** Math.min(tries, 10), MAX_BACKOFF_MS);
      log.warn('events could not be published', { count: events.length, tries, ...errorFields(error) });
      await outbox.updateMany(mine, {
        $set: { leasedBy: null, leasedUntil: clock.now() + backoff },
        $inc: { tries: 1 },
      });
      return { taken: events.length, sent: 0 };
    }
    await outbox.updateMany(mine, { $set: { sentAt: clock.now(), leasedBy: null } });
    sent?.add(events.length);
    return { taken: events.length, sent: events.length };
  }

  async function flush(): Promise<number> {
    let total = 0;
    for (let i = 0; i < MAX_ROUNDS; i++) {
      const result = await round();
      total += result.sent;
      if (result.taken < BATCH) break;
    }
    return total;
  }

  return {
    async append(session, events) {
      if (events.length === 0) return;
      const createdAt = clock.now();
      await outbox.insertMany(
        events.map((event) => ({
          _id: event.id,
          event,
          createdAt,
          sentAt: null,
          leasedUntil: 0,
          leasedBy: null,
          tries: 0,
        })),
        { session },
      );
    },
    flush,
    relay: () => startRelay(outbox, flush, options),
  };
}

function startRelay(
  outbox: Collection<OutboxDocument>,
  flush: () => Promise<number>,
  options: MongoOutboxOptions,
) {
  const { log, clock } = options;
  const sweepMs = options.sweepMs ?? 5_000;
  const keepMs = options.keepMs ?? 7 * DAY_MS;
  let stopped = false;
  let running: Promise<void> | undefined;
  let again = false;
  let lastPurge = 0;

  const work = async () => {
    try {
      do {
        again = false;
        await flush();
      } while (again && !stopped);
      if (clock.now() - lastPurge > DAY_MS) {
        lastPurge = clock.now();
        await outbox.deleteMany({ sentAt: { $ne: null, $lt: clock.now() - keepMs } });
      }
    } catch (error) {
      if (!stopped) log.warn('outbox relay', errorFields(error));
    }
  };
  // Wake-ups that come while it works are one more round, however many they are.
  const wake = () => {
    again = true;
    if (stopped || running) return;
    running = work().finally(() => {
      running = undefined;
    });
  };

  const stream = watchInserts(outbox, wake, log);
  const sweep = setInterval(wake, sweepMs);
  wake();
  return {
    name: `${options.producer} outbox relay`,
    async stop() {
      stopped = true;
      clearInterval(sweep);
      await stream.stop();
      await running;
    },
  };
}

/** Calls back for every insert; reopens the stream when it breaks (the sweep covers what it misses meanwhile). */
function watchInserts(outbox: Collection<OutboxDocument>, onInsert: () => void, log: Log) {
  let stopped = false;
  let stream: ReturnType<typeof outbox.watch> | undefined;
  let retry: NodeJS.Timeout | undefined;
  const open = () => {
    if (stopped) return;
    stream = outbox.watch([{ $match: { operationType: 'insert' } }], { maxAwaitTimeMS: 1_000 });
    stream.on('change', onInsert);
    stream.on('error', (error: Error) => {
      if (stopped) return;
      log.warn('outbox change stream', errorFields(error));
      stream?.close().catch(() => {});
      retry = setTimeout(open, 2_000);
    });
  };
  open();
  return {
    async stop() {
      stopped = true;
      clearTimeout(retry);
      await stream?.close().catch(() => {});
    },
  };
}
