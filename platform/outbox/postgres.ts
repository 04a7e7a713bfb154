import type pg from 'pg';
import type { AisleEvent, Bus } from '../bus/index.ts';
import { errorFields, type Log } from '../log/index.ts';
import type { Database, Databases, Sql } from '../stores/postgres.ts';
import type { Meter } from '../telemetry/index.ts';

/** Puts events into the outbox table with the very transaction that changes the state they tell of. */
export interface PostgresOutbox {
  append(tx: Sql, events: readonly AisleEvent[]): Promise<void>;
  /** Wakes the relays after a commit, coalesced; a lost wake-up costs at most one sweep interval. Without a region: all. */
  wake(region?: Database['region']): void;
  /** Starts relaying to the bus. */
  relay(options: RelayOptions): { readonly name: string; stop(): Promise<void> };
}

export interface RelayOptions {
  readonly bus: Bus;
  readonly log: Log;
  readonly meter: Meter;
  /** Milliseconds between sweeps for what no wake-up told of. @default 5 000 */
  readonly sweepMs?: number;
  /** Events per round. @default 100 */
  readonly batch?: number;
}

/** How long wake-ups are gathered before one NOTIFY is sent for them, milliseconds. */
const COALESCE_MS = 40;

export function createPostgresOutbox(name: string, databases: Pick<Databases, 'all'>): PostgresOutbox {
  const wakers = new Map(databases.all.map((database) => [database.region, createWaker(name, database)]));
  return {
    append: appendToOutbox,
    wake(region) {
      if (region) wakers.get(region)?.();
      else for (const wake of wakers.values()) wake();
    },
    relay(options) {
      const relays = databases.all.map((database) => startRelay(name, database, options));
      return {
        name: 'outbox relay',
        stop: async () => {
          await Promise.all(relays.map((relay) => relay.stop()));
        },
      };
    },
  };
}

/** One statement for any number of events. */
export async function appendToOutbox(tx: Sql, events: readonly AisleEvent[]): Promise<void> {
  if (events.length === 0) return;
  await tx.query(
    `INSERT INTO outbox (id, type, subject, version, event)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::text[])`,
    [
      events.map((event) => event.id),
      events.map((event) => event.type),
      events.map((event) => event.subject),
      events.map((event) => event.version),
      events.map((event) => JSON.stringify(event)),
    ],
    'outbox_append',
  );
}

const channelOf = (name: string) => `outbox_${name}`;

/**
 * NOTIFY takes a lock on the whole cluster from just before commit until after the fsync, so inside the committing
 * transaction it would end group commit. It is sent afterwards instead, once for all commits of a short while,
 * by a transaction that has nothing to flush.
 */
function createWaker(name: string, database: Database): () => void {
  let pending = false;
  return () => {
    if (pending) return;
    pending = true;
    setTimeout(() => {
      pending = false;
      const notify = (tx: Sql) => tx.query(`SET LOCAL synchronous_commit = off; NOTIFY ${channelOf(name)}`);
      // A wake-up that is lost costs one sweep interval, nothing else.
      database.transaction(notify).catch(() => {});
    }, COALESCE_MS).unref();
  };
}

function startRelay(
  name: string,
  database: Database,
  { bus, log, meter, sweepMs = 5_000, batch = 100 }: RelayOptions,
) {
  const sent = meter.counter('outbox_sent_total', 'Events handed to the bus');
  let stopped = false;
  let listener: pg.Client | undefined;
  let wake: () => void = () => {};
  let woken = false;
  const poke = () => {
    woken = true;
    wake();
  };

  /** Rows stay locked until the bus has them, so that two relays never send the same ones, and a crash frees them. */
  async function round(): Promise<number> {
    return database.transaction(async (tx) => {
      const rows = await tx.query<{ seq: bigint; event: string }>(
        'SELECT seq, event FROM outbox WHERE sent_at IS NULL ORDER BY seq LIMIT $1 FOR UPDATE SKIP LOCKED',
        [batch],
        'outbox_take',
      );
      if (rows.length === 0) return 0;
      await bus.publish(
        name,
        rows.map((row) => JSON.parse(row.event) as AisleEvent),
      );
      await tx.query(
        'UPDATE outbox SET sent_at = now() WHERE seq = ANY($1::bigint[])',
        [rows.map((row) => row.seq.toString())],
        'outbox_sent',
      );
      sent.add(rows.length, { context: name });
      return rows.length;
    });
  }

  async function listen(): Promise<void> {
    if (listener || stopped) return;
    const client = await database.connect();
    const drop = () => {
      if (listener === client) listener = undefined;
      client.end().catch(() => {});
    };
    client.on('error', drop);
    client.on('end', drop);
    client.on('notification', poke);
    await client.query(`LISTEN ${channelOf(name)}`);
    listener = client;
  }

  async function run(): Promise<void> {
    let pause = sweepMs;
    while (!stopped) {
      try {
        await listen();
        woken = false;
        while (!stopped && (await round()) === batch);
        pause = sweepMs;
      } catch (error) {
        log.warn('outbox relay', { region: database.region, ...errorFields(error) });
        pause = Math.min(pause * 2, 10_000);
      }
      if (!stopped && !woken) await sleepUntilWoken(pause);
    }
  }

  function sleepUntilWoken(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  const running = run();
  return {
    async stop() {
      stopped = true;
      poke();
      await running;
      await listener?.end();
    },
  };
}
