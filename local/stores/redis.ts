import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createClient } from 'redis';
import { SetupError, withoutStop } from '../errors.ts';
import { homeSecret } from '../secrets.ts';
import { aptInstall } from './apt.ts';
import { bootStore } from './boot.ts';
import { majorVersion, which } from './find.ts';
import { givenStore, type StoreContext, type StoreHandle, withoutSecrets } from './types.ts';

const SERVERS = [
  { program: 'valkey-server', label: 'Valkey', minimum: 7 },
  { program: 'redis-server', label: 'Redis', minimum: 7 },
];

/** Stock is kept here: every write goes to the append-only file, and nothing is evicted when memory runs out. */
const SETTINGS = {
  bind: '127.0.0.1',
  'protected-mode': 'yes',
  daemonize: 'no',
  // The code uses database 0 alone; tests that run side by side take one each.
  databases: '1024',
  appendonly: 'yes',
  appendfsync: 'everysec',
  save: '',
  'maxmemory-policy': 'noeviction',
};

/** Redis 7 or Valkey: given by URL → installed → installed from Debian, when root. */
export async function startRedis(context: StoreContext): Promise<StoreHandle> {
  const url = context.env.REDIS_URL;
  if (url) {
    await ping(url).catch((error: Error) => {
      throw new SetupError(
        `Redis at ${withoutSecrets(url)} (REDIS_URL) cannot be used: ${withoutStop(error.message)}.`,
      );
    });
    return givenStore('redis', `Redis given by REDIS_URL, ${withoutSecrets(url)}`, { REDIS_URL: url });
  }
  const installed = await findServer('installed on this machine');
  if (installed) return start(context, installed);
  const why = await aptInstall('redis-server', context);
  const fetched = await findServer('installed from Debian');
  if (fetched) return start(context, fetched);
  throw new SetupError(
    'There is no Redis for Aisle: set REDIS_URL, or put redis-server 7 or valkey-server on the PATH, ' +
      `or run as root on Debian or Ubuntu so that it can be installed (${why ?? 'the version there is too old'}).`,
  );
}

interface Server {
  path: string;
  choice: string;
}

async function findServer(how: string): Promise<Server | undefined> {
  for (const { program, label, minimum } of SERVERS) {
    const path = which(program);
    const version = path ? await majorVersion(path, /v=(\d+)/) : 0;
    if (path && version >= minimum) return { path, choice: `${label} ${version} ${how}` };
  }
  return undefined;
}

async function start({ home, log }: StoreContext, server: Server): Promise<StoreHandle> {
  const data = join(home, 'redis');
  mkdirSync(data, { recursive: true });
  const password = homeSecret(home, 'redis');
  // By file and not by argument, where every user of the machine could read the password.
  const file = join(data, 'redis.conf');
  writeFileSync(file, `requirepass ${password}\n`, { mode: 0o600 });
  const flags = Object.entries(SETTINGS).flatMap(([name, value]) => [`--${name}`, value]);
  const url = (port: number) => `redis://:${password}@127.0.0.1:${port}`;
  return bootStore({
    name: 'redis',
    home,
    notice: log,
    choice: server.choice,
    signal: 'TERM',
    command: (port) => [server.path, file, '--port', String(port), '--dir', data, ...flags],
    ready: (port) => ping(url(port)),
    env: (port) => ({ REDIS_URL: url(port) }),
  });
}

async function ping(url: string): Promise<void> {
  const client = createClient({ url, socket: { connectTimeout: 2_000, reconnectStrategy: false } });
  client.on('error', () => {});
  await client.connect();
  try {
    await client.ping();
  } finally {
    client.destroy();
  }
}
