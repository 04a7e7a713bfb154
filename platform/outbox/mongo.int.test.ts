import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { freshName, testStores, until } from '../../test/testkit/index.ts';
import type { AisleEvent, Bus } from '../bus/index.ts';
import { systemClock } from '../clock/index.ts';
import { newId } from '../ids/index.ts';
import { silentLog } from '../log/index.ts';
import { type Mongo, openMongo } from '../stores/index.ts';
import { type MongoOutbox, type MongoOutboxOptions, openMongoOutbox } from './mongo.ts';

let mongo: Mongo;
let published: AisleEvent[];
let outage: boolean;
const bus = {
  async publish(_producer: string, events: readonly AisleEvent[]) {
    if (outage) throw new Error('bus is down');
    await new Promise((resolve) => setImmediate(resolve));
    published.push(...events);
  },
} as Bus;

before(async () => {
  mongo = await openMongo((await testStores()).MONGODB_URL, freshName());
  await mongo.db.createCollection('things');
});
beforeEach(async () => {
  published = [];
  outage = false;
  await mongo.db.collection('outbox').deleteMany({});
});
after(async () => {
  await mongo.db.dropDatabase();
  await mongo.close();
});

const open = (options: Partial<MongoOutboxOptions> = {}) =>
  openMongoOutbox({ mongo, producer: 'test', bus, clock: systemClock, log: silentLog, ...options });

const event = (version: number): AisleEvent => ({
  specversion: '1.0',
  id: newId('evt'),
  source: 'aisle/test',
  type: 'ThingChanged.v1',
  subject: 'thing',
  time: new Date().toISOString(),
  datacontenttype: 'application/json',
  version,
  data: { version },
});

async function change(outbox: MongoOutbox, events: AisleEvent[], fail = false): Promise<void> {
  await mongo.client.withSession((session) =>
    session.withTransaction(async () => {
      await mongo.db.collection('things').insertOne({ at: Date.now() }, { session });
      await outbox.append(session, events);
      if (fail) throw new Error('changed my mind');
    }),
  );
}

test('an event exists exactly when its change does', async () => {
  const outbox = await open();
  await assert.rejects(change(outbox, [event(1)], true), /changed my mind/);
  assert.equal(await outbox.flush(), 0);
  const kept = event(2);
  await change(outbox, [kept]);
  assert.equal(await outbox.flush(), 1);
  assert.deepEqual(published, [kept]);
});

test('what was sent is not sent again', async () => {
  const outbox = await open();
  await change(outbox, [event(1), event(2)]);
  assert.equal(await outbox.flush(), 2);
  assert.equal(await outbox.flush(), 0);
  assert.equal(published.length, 2);
});

test('two relays at once send each event once', async () => {
  const [one, two] = [await open(), await open()];
  const events = Array.from({ length: 60 }, (_, i) => event(i));
  for (let i = 0; i < 60; i += 20) await change(one, events.slice(i, i + 20));
  const counts = await Promise.all([one.flush(), two.flush(), one.flush(), two.flush()]);
  await Promise.all([one.flush(), two.flush()]);
  assert.equal(published.length, 60, `sent ${counts}`);
  assert.deepEqual(new Set(published.map(({ id }) => id)), new Set(events.map(({ id }) => id)));
});

test('an outage of the bus loses nothing, and waits longer with every try', async () => {
  let now = Date.now();
  const outbox = await open({ clock: { now: () => now } });
  await change(outbox, [event(1)]);
  outage = true;
  assert.equal(await outbox.flush(), 0);
  outage = false;
  assert.equal(await outbox.flush(), 0, 'still backing off');
  now += 61_000;
  assert.equal(await outbox.flush(), 1);
  assert.equal(published.length, 1);
});

test('what a crashed relay had taken is sent when its lease is over', async () => {
  let now = Date.now();
  const crashing = await open({
    clock: { now: () => now },
    leaseMs: 30_000,
    bus: { ...bus, publish: () => new Promise(() => {}) } as Bus,
  });
  await change(crashing, [event(1)]);
  void crashing.flush();
  await until(
    async () => (await mongo.db.collection('outbox').findOne({ leasedBy: { $ne: null } })) !== null,
  );
  const healthy = await open({ clock: { now: () => now } });
  assert.equal(await healthy.flush(), 0, 'leased by another');
  now += 31_000;
  assert.equal(await healthy.flush(), 1);
});

test('the relay is woken by the change itself, long before its sweep', async () => {
  const outbox = await open({ sweepMs: 60_000 });
  const relay = outbox.relay();
  try {
    // The first round runs at once; give the stream its moment to open, then change something.
    await until(
      async () => {
        await change(outbox, [event(1)]);
        return published.length > 0;
      },
      { every: 100, ms: 10_000, what: 'an event through the relay' },
    );
  } finally {
    await relay.stop();
  }
});

test('without any wake-up the sweep finds it', async () => {
  const outbox = await open({ sweepMs: 50 });
  await change(outbox, [event(1)]);
  const relay = outbox.relay();
  try {
    await until(() => published.length === 1);
  } finally {
    await relay.stop();
  }
});
