import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { bootStore } from './boot.ts';
import type { StoreContext, StoreHandle } from './types.ts';

const REPLICA_SET = 'aisle';

/** Directly to the one member: its name for itself may differ from the address we reach it at. */
export function mongoUrl(port: number): string {
  return `mongodb://127.0.0.1:${port}/?directConnection=true`;
}

async function withAdmin<T>(url: string, work: (client: MongoClient) => Promise<T>): Promise<T> {
  const client = new MongoClient(url, { serverSelectionTimeoutMS: 3_000, connectTimeoutMS: 2_000 });
  try {
    return await work(await client.connect());
  } finally {
    await client.close();
  }
}

/** Fails unless the server answers as one that takes writes. */
export function pingMongo(url: string): Promise<void> {
  return withAdmin(url, async (client) => {
    const hello = await client.db('admin').command({ hello: 1 });
    if (!hello.isWritablePrimary) throw new Error('it does not take writes yet');
  });
}

/** Starts a real mongod as a replica set of one. */
export async function startMongod(
  { home, log }: StoreContext,
  path: string,
  choice: string,
): Promise<StoreHandle> {
  const data = join(home, 'mongodb');
  mkdirSync(data, { recursive: true });
  const flags = [
    '--replSet',
    REPLICA_SET,
    '--bind_ip',
    '127.0.0.1',
    '--wiredTigerCacheSizeGB',
    '0.5',
    '--nounixsocket',
  ];
  return bootStore({
    name: 'mongodb',
    home,
    notice: log,
    choice,
    signal: 'TERM',
    command: (port) => [path, '--dbpath', data, '--port', String(port), ...flags],
    ready: async (port) => {
      await joinReplicaSet(mongoUrl(port), `127.0.0.1:${port}`);
      await pingMongo(mongoUrl(port));
    },
    env: (port) => ({ MONGODB_URL: mongoUrl(port) }),
  });
}

/** Makes the replica set on the first start, and moves its one member to the present port on later ones. */
function joinReplicaSet(url: string, host: string): Promise<void> {
  return withAdmin(url, async (client) => {
    const admin = client.db('admin');
    const config = await admin.command({ replSetGetConfig: 1 }).then(
      (answer) => answer.config as { version: number; members: { host: string }[] },
      (error: { codeName?: string }) => {
        if (error.codeName !== 'NotYetInitialized') throw error;
        return undefined;
      },
    );
    if (!config) {
      await admin.command({ replSetInitiate: { _id: REPLICA_SET, members: [{ _id: 0, host }] } });
    } else if (config.members[0]?.host !== host) {
      const members = [{ ...config.members[0], host }];
      await admin.command({
        replSetReconfig: { ...config, version: config.version + 1, members },
        force: true,
      });
    }
  });
}
