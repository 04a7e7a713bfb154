import pg from 'pg';
import { SetupError } from '../errors.ts';

const REGIONS = ['us', 'eu', 'gb', 'in', 'br'] as const;
const CONNECT_MS = 5_000;

/** One statement on a connection of its own. */
async function query(url: string, text: string, values: unknown[] = []): Promise<pg.QueryResult> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: 30_000,
  });
  client.on('error', () => {});
  await client.connect();
  try {
    return await client.query(text, values);
  } finally {
    await client.end().catch(() => {});
  }
}

export function ping(url: string): Promise<unknown> {
  return query(url, 'select 1');
}

/** The six addresses, with the regional ones named after the global one: `aisle` → `aisle_us`, `aisle_eu` … */
export function urlsOfOneServer(globalUrl: string): Record<string, string> {
  const env: Record<string, string> = { DATABASE_URL: globalUrl };
  for (const region of REGIONS) {
    const url = new URL(globalUrl);
    url.pathname = `${url.pathname}_${region}`;
    env[`DATABASE_URL_${region.toUpperCase()}`] = url.href;
  }
  return env;
}

/**
 * The six addresses from the caller's environment, or undefined if it names no PostgreSQL.
 * A region without an address of its own gets a database beside the global one, on the same server.
 */
export function givenUrls(environment: NodeJS.ProcessEnv): Record<string, string> | undefined {
  const names = REGIONS.map((region) => `DATABASE_URL_${region.toUpperCase()}`);
  const globalUrl = environment.DATABASE_URL;
  if (!globalUrl) {
    const region = names.find((name) => environment[name]);
    if (region) throw new SetupError(`${region} is set without DATABASE_URL; give the global database too.`);
    return undefined;
  }
  if (!URL.canParse(globalUrl) || new URL(globalUrl).pathname.length < 2) {
    throw new SetupError('DATABASE_URL must be an address such as postgres://user:password@host:5432/aisle.');
  }
  const env = urlsOfOneServer(globalUrl);
  for (const name of names) {
    const url = environment[name];
    if (url && !URL.canParse(url))
      throw new SetupError(`${name} is not an address that PostgreSQL clients can read.`);
    if (url) env[name] = url;
  }
  return env;
}

/** Creates the databases that are missing on their server; a database that exists is left as it is. */
export async function ensureDatabases(env: Record<string, string>, adminUrl?: string): Promise<void> {
  for (const [name, address] of Object.entries(env)) {
    if (adminUrl) await create(adminUrl, databaseOf(address));
    else await createUnlessReachable(name, address);
  }
}

async function createUnlessReachable(name: string, address: string): Promise<void> {
  try {
    await ping(address);
    return;
  } catch (error) {
    // 3D000 is invalid_catalog_name: the server is there and the database is not.
    if ((error as { code?: string }).code !== '3D000') throw unreachable(name, address, error);
  }
  const admin = new URL(address);
  admin.pathname = '/postgres';
  await create(admin.href, databaseOf(address)).catch((error: unknown) => {
    throw unreachable(name, address, error);
  });
}

async function create(adminUrl: string, database: string): Promise<void> {
  const found = await query(adminUrl, 'select 1 from pg_database where datname = $1', [database]);
  if (found.rowCount) return;
  await query(adminUrl, `create database ${pg.escapeIdentifier(database)}`).catch(
    (error: { code?: string }) => {
      // 42P04 is duplicate_database, 23505 the same seen by two creators at once.
      if (error.code !== '42P04' && error.code !== '23505') throw error;
    },
  );
}

function databaseOf(address: string): string {
  return decodeURIComponent(new URL(address).pathname.slice(1));
}

function unreachable(name: string, address: string, error: unknown): SetupError {
  const { host, pathname } = new URL(address);
  const why = error instanceof Error ? error.message || (error as { code?: string }).code : String(error);
  return new SetupError(`PostgreSQL at ${host}${pathname} (${name}) cannot be used: ${why}.`);
}
