import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { type FreshStores, freshStores, until } from '../../test/testkit/index.ts';
import { createLog, silentLog } from '../log/index.ts';
import { type Database, migrate, openDatabase } from '../stores/index.ts';
import { PLATFORM_TABLES, prune, startPruner } from './index.ts';

let stores: FreshStores;
let database: Database;
before(async () => {
  stores = await freshStores();
  database = openDatabase({ url: stores.env.DATABASE_URL, schema: 'pruning', region: 'global' });
  const folder = (name: string) => join(import.meta.dirname, '..', name, 'sql');
  await migrate(database, 'pruning', ['outbox', 'inbox', 'idempotency'].map(folder));
});
after(async () => {
  await database.close();
  await stores.drop();
});
beforeEach(async () => {
  await database.query('TRUNCATE outbox, inbox, idempotency');
});

/** One event handled for each age, in days. */
const handled = (...days: number[]) =>
  database.query(
    `INSERT INTO inbox (source, event_id, handled_at)
     SELECT 'stripe', 'evt_' || i, now() - day * interval '1 day' FROM unnest($1::int[]) WITH ORDINALITY AS t (day, i)`,
    [days],
  );
const left = async (table: string) =>
  (await database.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`))[0]!.n;

test('a handled event is forgotten after 30 days, in small steps', async () => {
  await handled(0, 3, 28, 29, 31, 40, 50, 60, 70);
  assert.equal(await prune(database, PLATFORM_TABLES.inbox, 2, 2), 4);
  assert.equal(await left('inbox'), 5);
  assert.equal(await prune(database, PLATFORM_TABLES.inbox, 2, 2), 1);
  assert.equal(await prune(database, PLATFORM_TABLES.inbox), 0);
});

test('an event goes ten days after it was sent, and never before it was', async () => {
  await database.query(
    `INSERT INTO outbox (id, type, subject, version, event, created_at, sent_at)
     SELECT id, 'OrderPlaced.v1', 'ord_1', 1, '{}', now() - interval '1 year', sent_at::timestamptz
     FROM (VALUES ('unsent', NULL), ('fresh', (now() - interval '9 days')::text), ('old', (now() - interval '11 days')::text)) AS t (id, sent_at)`,
  );
  assert.equal(await prune(database, PLATFORM_TABLES.outbox), 1);
  const rows = await database.query<{ id: string }>('SELECT id FROM outbox ORDER BY id');
  assert.deepEqual(
    rows.map(({ id }) => id),
    ['fresh', 'unsent'],
  );
});

test('two that prune at once share the work', async () => {
  await handled(...Array.from({ length: 300 }, () => 31));
  const counts = await Promise.all([1, 2, 3].map(() => prune(database, PLATFORM_TABLES.inbox, 20, 50)));
  const rest = await prune(database, PLATFORM_TABLES.inbox);
  assert.equal(counts.reduce((sum, count) => sum + count, 0) + rest, 300);
  assert.equal(await left('inbox'), 0);
});

test('it is done again and again, where the table is, and a table that fails does not stop the others', async () => {
  const lines: string[] = [];
  const log = createLog('pruning', { destination: { write: (line) => void lines.push(line) } });
  const missing = { table: 'missing', until: 'true' };
  const elsewhere = { table: 'elsewhere', until: 'true', where: 'regional' } as const;
  const tables = [missing, elsewhere, PLATFORM_TABLES.inbox];
  const pruner = startPruner({ databases: [database], tables, log, everyMs: 20 });
  await handled(31);
  await until(async () => (await left('inbox')) === 0);
  await handled(31);
  await until(async () => (await left('inbox')) === 0);
  await pruner.stop();
  assert.ok(lines.some((line) => line.includes('"table":"missing"')));
  assert.ok(!lines.some((line) => line.includes('elsewhere')));
});

test('one that is stopped ends', { timeout: 5_000 }, async () => {
  const pruner = startPruner({
    databases: [database],
    tables: [PLATFORM_TABLES.inbox],
    log: silentLog,
    everyMs: 5,
  });
  await pruner.stop();
});
