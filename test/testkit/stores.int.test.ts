import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { CreateQueueCommand, ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { MongoClient } from 'mongodb';
import pg from 'pg';
import { createClient } from 'redis';
import { type FreshStores, freshStores } from './stores.ts';
import { freshName } from './temporary.ts';

let one: FreshStores;
let two: FreshStores;
before(async () => {
  one = await freshStores();
  two = await freshStores();
});
after(() => Promise.all([one.drop(), two.drop()]));

async function ask<T>(url: string, statement: string): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(statement)).rows[0] as T;
  } finally {
    await client.end();
  }
}

test('PostgreSQL is 18, durable, UTF-8, and each region has a database', async () => {
  const row = await ask<Record<string, string>>(
    one.env.DATABASE_URL,
    `select current_setting('server_version') v, current_setting('fsync') f, current_setting('synchronous_commit') s,
            current_setting('server_encoding') e, current_setting('listen_addresses') l`,
  );
  assert.match(row.v ?? '', /^18\./);
  assert.deepEqual([row.f, row.s, row.e, row.l], ['on', 'on', 'UTF8', '127.0.0.1']);
  const urls = ['', '_US', '_EU', '_GB', '_IN', '_BR'].map(
    (region) => one.env[`DATABASE_URL${region}`] ?? '',
  );
  const names = await Promise.all(urls.map((url) => ask<{ n: string }>(url, 'select current_database() n')));
  assert.equal(new Set(names.map(({ n }) => n)).size, 6);
});

test('two test files get databases, keys and queues of their own', async () => {
  assert.notEqual(one.env.DATABASE_URL_EU, two.env.DATABASE_URL_EU);
  const clients = [one, two].map(({ env }) => createClient({ url: env.REDIS_URL }));
  for (const client of clients) await client.connect();
  await clients[0]?.set('mine', '1');
  assert.equal(await clients[1]?.get('mine'), null);
  for (const client of clients) client.destroy();
  const [mine, theirs] = [one, two].map(
    ({ env }) =>
      new SQSClient({ endpoint: env.AWS_ENDPOINT_URL, region: env.AWS_REGION, credentials: CREDENTIALS }),
  );
  await mine?.send(new CreateQueueCommand({ QueueName: 'orders' }));
  assert.equal((await mine?.send(new ListQueuesCommand({})))?.QueueUrls?.length, 1);
  assert.equal((await theirs?.send(new ListQueuesCommand({})))?.QueueUrls?.length ?? 0, 0);
});

const CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' };

test('Redis logs every write to disk and never evicts', async () => {
  const client = createClient({ url: one.env.REDIS_URL });
  await client.connect();
  const settings = await client.configGet(['appendonly', 'appendfsync', 'maxmemory-policy', 'bind']);
  client.destroy();
  assert.deepEqual(
    { ...settings },
    {
      appendonly: 'yes',
      appendfsync: 'everysec',
      'maxmemory-policy': 'noeviction',
      bind: '127.0.0.1',
    },
  );
});

test('MongoDB has transactions over several documents', async () => {
  const client = await new MongoClient(one.env.MONGODB_URL, { serverSelectionTimeoutMS: 5_000 }).connect();
  const db = client.db(freshName());
  await db.createCollection('items');
  await assert.rejects(
    client.withSession((session) =>
      session.withTransaction(async () => {
        await db.collection('items').insertOne({ name: 'apple' }, { session });
        throw new Error('changed my mind');
      }),
    ),
    /changed my mind/,
  );
  assert.equal(await db.collection('items').countDocuments(), 0);
  await db.dropDatabase();
  await client.close();
});
