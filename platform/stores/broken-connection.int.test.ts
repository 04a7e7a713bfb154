import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type FreshStores, freshStores } from '../../test/testkit/index.ts';
import { type Database, openDatabase } from './index.ts';

let stores: FreshStores;
let database: Database;
before(async () => {
  stores = await freshStores();
  database = openDatabase({ url: stores.env.DATABASE_URL, schema: 'public', region: 'global' });
});
after(async () => {
  await database?.close();
  await stores?.drop();
});

const kill = (pid: number) => database.query('SELECT pg_terminate_backend($1)', [pid]);
const pause = () => new Promise((resolve) => setTimeout(resolve, 50));

test('a connection that breaks between two statements fails its transaction, not the process', async () => {
  for (let round = 0; round < 5; round++) {
    const failing = database.transaction(async (tx) => {
      const [row] = await tx.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      await kill(row!.pid);
      await pause();
      await tx.query('SELECT 1');
    });
    await assert.rejects(failing);
  }
  assert.deepEqual(await database.query('SELECT 1 AS one'), [{ one: 1 }]);
});

test('a connection of its own that breaks tells by its end, and does not end the process', async () => {
  const client = await database.connect();
  const ended = new Promise((resolve) => client.once('end', resolve));
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  await kill(rows[0]!.pid);
  await ended;
});
