import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { type FreshStores, freshStores, until } from '../../test/testkit/index.ts';
import type { AisleEvent } from '../bus/index.ts';
import { createEvent } from '../bus/index.ts';
import { handleOnce } from '../inbox/index.ts';
import { silentLog } from '../log/index.ts';
import { type Database, migrate, openDatabase } from '../stores/index.ts';
import { createMeter } from '../telemetry/index.ts';
import { createPostgresOutbox } from './index.ts';

let stores: FreshStores;
let database: Database;
before(async () => {
  stores = await freshStores();
  database = openDatabase({ url: stores.env.DATABASE_URL, schema: 'orders', region: 'global' });
  const folder = (name: string) => join(import.meta.dirname, '..', name, 'sql');
  await migrate(database, 'orders', [folder('outbox'), folder('inbox')]);
  await database.query('CREATE TABLE state (id text PRIMARY KEY)');
});
after(async () => {
  await database.close();
  await stores.drop();
});
beforeEach(async () => {
  await database.query('TRUNCATE outbox, state, inbox, inbox_versions');
});

let subjects = 0;
const event = (version = 1, subject = `ord_${subjects++}`) =>
  createEvent({ type: 'OrderPlaced.v1', producer: 'orders', subject, version, data: {} }, Date.now());

function fakeBus(publish: (events: readonly AisleEvent[]) => Promise<void>) {
  return {
    publish: (_: string, events: readonly AisleEvent[]) => publish(events),
    consume: () => ({ stop: async () => {} }),
    close: async () => {},
  };
}
const options = (bus: ReturnType<typeof fakeBus>, sweepMs = 60_000) => ({
  bus,
  log: silentLog,
  meter: createMeter(),
  sweepMs,
});
const unsent = async () =>
  Number(
    (await database.query<{ n: bigint }>('SELECT count(*) AS n FROM outbox WHERE sent_at IS NULL'))[0]!.n,
  );

test('an event is stored if and only if its change is', async () => {
  const outbox = createPostgresOutbox('orders', { all: [database] });
  await assert.rejects(
    database.transaction(async (tx) => {
      await tx.query("INSERT INTO state VALUES ('a')");
      await outbox.append(tx, [event()]);
      throw new Error('no');
    }),
  );
  assert.equal(await unsent(), 0);
  await database.transaction(async (tx) => {
    await tx.query("INSERT INTO state VALUES ('a')");
    await outbox.append(tx, [event(), event()]);
  });
  assert.equal(await unsent(), 2);
});

test('a wake-up relays at once, in order, long before the sweep', async () => {
  const outbox = createPostgresOutbox('orders', { all: [database] });
  const got: string[] = [];
  const relay = outbox.relay(options(fakeBus(async (events) => void got.push(...events.map((e) => e.id)))));
  await until(
    async () =>
      (await database.query("SELECT 1 FROM pg_stat_activity WHERE query LIKE 'LISTEN outbox_orders%'"))
        .length > 0,
    { ms: 5_000 },
  );
  const events = Array.from({ length: 250 }, () => event());
  await database.transaction((tx) => outbox.append(tx, events));
  outbox.wake();
  await until(() => got.length === 250, { ms: 5_000 });
  assert.deepEqual(
    got,
    events.map((e) => e.id),
  );
  await until(async () => (await unsent()) === 0, { ms: 5_000 });
  await relay.stop();
});

test('what was committed without a wake-up is swept', async () => {
  const outbox = createPostgresOutbox('orders', { all: [database] });
  const got: string[] = [];
  await database.transaction((tx) => outbox.append(tx, [event()]));
  const relay = outbox.relay(
    options(
      fakeBus(async (events) => void got.push(...events.map((e) => e.id))),
      50,
    ),
  );
  await until(() => got.length === 1, { ms: 5_000 });
  await relay.stop();
});

test('events that the bus did not take stay and are sent when it is back', async () => {
  const outbox = createPostgresOutbox('orders', { all: [database] });
  let down = true;
  let refused = 0;
  const got: string[] = [];
  const relay = outbox.relay(
    options(
      fakeBus(async (events) => {
        if (down) {
          refused++;
          throw new Error('down');
        }
        got.push(...events.map((e) => e.id));
      }),
      20,
    ),
  );
  const one = event();
  await database.transaction((tx) => outbox.append(tx, [one]));
  await until(() => refused > 0, { ms: 5_000 });
  assert.equal(await unsent(), 1);
  down = false;
  await until(() => got.length > 0, { ms: 5_000 });
  assert.deepEqual(got, [one.id]);
  await relay.stop();
});

test('two relays never send the same event', async () => {
  const outbox = createPostgresOutbox('orders', { all: [database] });
  const got: string[] = [];
  const bus = fakeBus(async (events) => void got.push(...events.map((e) => e.id)));
  await database.transaction((tx) =>
    outbox.append(
      tx,
      Array.from({ length: 500 }, () => event()),
    ),
  );
  const relays = [
    outbox.relay({ ...options(bus, 10), batch: 7 }),
    outbox.relay({ ...options(bus, 10), batch: 7 }),
  ];
  await until(() => got.length >= 500, { ms: 10_000 });
  await until(async () => (await unsent()) === 0, { ms: 5_000 });
  assert.equal(got.length, 500);
  assert.equal(new Set(got).size, 500);
  await Promise.all(relays.map((relay) => relay.stop()));
});

test('inbox: one effect per event, also for two at once; a failed handler may try again', async () => {
  const one = event();
  await assert.rejects(
    handleOnce(database, one, async () => {
      throw new Error('no');
    }),
  );
  const effect = (id: string) => async (tx: { query: Database['query'] }) =>
    void (await tx.query('INSERT INTO state VALUES ($1)', [id]));
  const outcomes = await Promise.all([
    handleOnce(database, one, effect('x')),
    handleOnce(database, one, effect('x')),
  ]);
  assert.deepEqual(outcomes.sort(), ['duplicate', 'handled']);
  assert.equal((await database.query('SELECT 1 FROM state')).length, 1);
});

test('inbox: an older version after a newer one is skipped', async () => {
  const seen: number[] = [];
  const handle = (version: number) =>
    handleOnce(database, event(version, 'prd_1'), async () => void seen.push(version), { latestOnly: true });
  assert.equal(await handle(2), 'handled');
  assert.equal(await handle(1), 'outdated');
  assert.equal(await handle(3), 'handled');
  assert.deepEqual(seen, [2, 3]);
});
