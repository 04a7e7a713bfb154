import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { REGIONS, type Region } from '../identity/caller.ts';
import { isTracing } from '../telemetry/index.ts';
import { tracedDatabase } from './traced-postgres.ts';

pg.types.setTypeParser(pg.types.builtins.INT8, (text) => BigInt(text));

export type Row = Record<string, unknown>;

/** Runs statements; a name makes the server keep the prepared plan (hot statements have one). */
export interface Sql {
  query<T extends Row = Row>(text: string, params?: readonly unknown[], name?: string): Promise<T[]>;
}

export interface Database extends Sql {
  readonly region: Region | 'global';
  /** Commits when `work` resolves, rolls back when it throws. Serialisation failures are the caller's to retry. */
  transaction<T>(work: (tx: Sql) => Promise<T>): Promise<T>;
  /** A connection of its own, outside the pool, for LISTEN. The caller ends it. */
  connect(): Promise<pg.Client>;
  close(): Promise<void>;
}

/** One database per region for personal data, and one for what is global. Each context sees only its own schema. */
export interface Databases {
  of(region: Region): Database;
  readonly global: Database;
  readonly all: readonly Database[];
}

export interface DatabaseOptions {
  readonly url: string;
  /** The PostgreSQL schema, which is the context's name: `search_path` holds nothing else. */
  readonly schema: string;
  readonly region: Region | 'global';
  /** @default 10 */
  readonly maxConnections?: number;
  /** Longest a statement may run, milliseconds. @default 10 000 */
  readonly statementTimeoutMs?: number;
}

export function openDatabase(options: DatabaseOptions): Database {
  const { schema } = options;
  if (!/^[a-z_][a-z0-9_]*$/.test(schema)) throw new RangeError(`"${schema}" is not a schema name.`);
  const settings = {
    connectionString: options.url,
    application_name: schema,
    options: `-c search_path=${schema} -c statement_timeout=${options.statementTimeoutMs ?? 10_000} -c idle_in_transaction_session_timeout=15000`,
  };
  const pool = new pg.Pool({
    ...settings,
    max: options.maxConnections ?? 10,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 60_000,
  });
  // An idle connection that breaks (server restart) is replaced at next use; without a listener it would end the process.
  pool.on('error', () => {});

  const database: Database = {
    region: options.region,
    query: async <T extends Row>(text: string, params: readonly unknown[] = [], name?: string) =>
      (await pool.query({ text, values: params as unknown[], ...(name && { name }) })).rows as T[],
    async transaction(work) {
      const client = await pool.connect();
      let broken: Error | undefined;
      // The pool listens to idle clients only: a connection that breaks between two statements would end the process.
      const onError = (error: Error) => {
        broken = error;
      };
      client.on('error', onError);
      try {
        await client.query('BEGIN');
        const result = await work({
          query: async <T extends Row>(text: string, params: readonly unknown[] = [], name?: string) =>
            (await client.query({ text, values: params as unknown[], ...(name && { name }) })).rows as T[],
        });
        await client.query('COMMIT');
        return result;
      } catch (error) {
        await client.query('ROLLBACK').catch((rollbackError: Error) => {
          broken = rollbackError;
        });
        throw error;
      } finally {
        // A broken client is thrown away, and may still complain while it goes.
        if (!broken) client.off('error', onError);
        client.release(broken);
      }
    },
    async connect() {
      const client = new pg.Client(settings);
      // Whoever uses it learns of its end by `end`; without a listener an error would end the process.
      client.on('error', () => {});
      await client.connect();
      return client;
    },
    close: () => pool.end(),
  };
  return isTracing() ? tracedDatabase(database, schema) : database;
}

/** `DATABASE_URL` is the global database, `DATABASE_URL_EU` … the regional ones. */
export function openDatabases(
  env: Readonly<Record<string, string | undefined>>,
  schema: string,
  maxConnections?: number,
): Databases {
  const open = (region: Region | 'global') => {
    const name = region === 'global' ? 'DATABASE_URL' : `DATABASE_URL_${region.toUpperCase()}`;
    const url = env[name];
    if (!url) throw new Error(`${name} is not set.`);
    return openDatabase({ url, schema, region, ...(maxConnections && { maxConnections }) });
  };
  const regional = Object.fromEntries(REGIONS.map((region) => [region, open(region)])) as Record<
    Region,
    Database
  >;
  const global = open('global');
  return { of: (region) => regional[region], global, all: [...Object.values(regional), global] };
}

/**
 * Applies the `*.sql` files of the folders, in the order given and by name, each once, in one transaction with its record.
 * Safe when several processes start together (advisory lock).
 */
export async function migrate(
  database: Database,
  schema: string,
  folders: readonly string[],
): Promise<string[]> {
  const files: { id: string; sql: string }[] = [];
  for (const folder of folders) {
    const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
    for (const name of names)
      files.push({
        id: `${folder.split(/[\\/]/).slice(-3).join('/')}/${name}`,
        sql: await readFile(join(folder, name), 'utf8'),
      });
  }
  return database.transaction(async (tx) => {
    await tx.query(`SELECT pg_advisory_xact_lock(hashtext('migrate:${schema}'))`);
    await tx.query(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
    await tx.query(
      'CREATE TABLE IF NOT EXISTS migrations (id text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())',
    );
    const applied = new Set(
      (await tx.query<{ id: string }>('SELECT id FROM migrations')).map((row) => row.id),
    );
    const fresh = files.filter((file) => !applied.has(file.id));
    for (const file of fresh) {
      await tx.query(file.sql);
      await tx.query('INSERT INTO migrations (id) VALUES ($1)', [file.id]);
    }
    return fresh.map((file) => file.id);
  });
}
