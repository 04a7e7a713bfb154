import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { createClient } from 'redis';
import { startLoopbackFauxqs } from '../../local/stores/fauxqs.ts';
import { startStores } from '../../local/stores/index.ts';
import { freshName } from './temporary.ts';

/** What `test/run.ts` puts the addresses of the shared stores in, as JSON, for the test processes. */
export const TEST_STORES_VARIABLE = 'AISLE_TEST_STORES';

/** Environment of a subgraph: DATABASE_URL, DATABASE_URL_US …, REDIS_URL, MONGODB_URL, AWS_ENDPOINT_URL, AWS_REGION … */
export type StoreEnv = Record<string, string> & {
  DATABASE_URL: string;
  REDIS_URL: string;
  MONGODB_URL: string;
  AWS_ENDPOINT_URL: string;
};

let shared: Promise<StoreEnv> | undefined;

/**
 * Addresses of the stores that all tests share. Under `npm test` they are running already; a test file run on its
 * own boots some in a temporary home, which end with the process.
 */
export function testStores(): Promise<StoreEnv> {
  const given = process.env[TEST_STORES_VARIABLE];
  shared ??= given ? Promise.resolve(JSON.parse(given) as StoreEnv) : bootOwn();
  return shared;
}

async function bootOwn(): Promise<StoreEnv> {
  const home = mkdtempSync(join(tmpdir(), 'aisle-test-stores-'));
  const remove = () => rmSync(home, { recursive: true, force: true, maxRetries: 3 });
  process.once('exit', remove);
  const stores = await startStores({ home, log: (line) => process.stderr.write(`${line}\n`) });
  // The stores do not hold the process; when its tests are through, they are ended before it leaves.
  process.once('beforeExit', () => void stores.stop());
  return stores.env as StoreEnv;
}

export interface FreshStores {
  env: StoreEnv;
  /** Drops the databases; call it in `after`, when every pool is closed. */
  drop(): Promise<void>;
}

/**
 * Stores that are empty and nobody else's: six PostgreSQL databases and a Redis database on the shared servers, and
 * an SNS/SQS server in this process. MongoDB is shared as it is: use `freshName()` as the database's name.
 */
export async function freshStores(): Promise<FreshStores> {
  const stores = await testStores();
  const name = freshName('test');
  const env: StoreEnv = { ...stores };
  const databases: string[] = [];
  const admin = new URL(stores.DATABASE_URL);
  admin.pathname = '/postgres';
  for (const key of Object.keys(stores).filter((variable) => variable.startsWith('DATABASE_URL'))) {
    const database = `${name}${key.slice('DATABASE_URL'.length).toLowerCase()}`;
    const url = new URL(admin);
    url.pathname = `/${database}`;
    env[key] = url.href;
    databases.push(database);
  }
  await onServer(admin.href, databases, (database) => `create database ${database}`);
  env.REDIS_URL = await freshRedis(stores.REDIS_URL);
  const bus = await startLoopbackFauxqs({ port: 0, region: stores.AWS_REGION });
  env.AWS_ENDPOINT_URL = `http://127.0.0.1:${bus.port}`;
  const drop = async () => {
    await bus.stop();
    await onServer(admin.href, databases, (database) => `drop database if exists ${database} with (force)`);
  };
  return { env, drop };
}

async function onServer(
  url: string,
  databases: string[],
  statement: (database: string) => string,
): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    for (const database of databases) await client.query(statement(database));
  } finally {
    await client.end();
  }
}

/** The next numbered database of the server, emptied. A counter in database 0 keeps test files apart. */
async function freshRedis(url: string): Promise<string> {
  const client = createClient({ url, socket: { connectTimeout: 5_000, reconnectStrategy: false } });
  client.on('error', () => {});
  await client.connect();
  try {
    const { databases = '16' } = await client.configGet('databases');
    const number = 1 + ((await client.incr('aisle:test:databases')) % (Number(databases) - 1));
    await client.select(number);
    await client.flushDb();
    return new URL(`/${number}`, url).href;
  } finally {
    client.destroy();
  }
}
