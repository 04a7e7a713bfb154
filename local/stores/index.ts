import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { explainDisk } from '../errors.ts';
import { startMongodb } from './mongodb.ts';
import { startPostgres } from './postgres.ts';
import { startRedis } from './redis.ts';
import { startSqs } from './sqs.ts';
import type { StoreHandle } from './types.ts';

export type { StoreHandle } from './types.ts';

const CACHE = fileURLToPath(new URL('../../.cache', import.meta.url));

export interface Stores {
  /** DATABASE_URL, DATABASE_URL_US …, REDIS_URL, MONGODB_URL, AWS_ENDPOINT_URL, AWS_REGION and credentials. */
  env: Record<string, string>;
  /** One line per store: which rule applied and where it listens. */
  describe: string[];
  handles: StoreHandle[];
  /** The given servers that keep data of ours, for people; empty when all data are in AISLE_HOME. */
  elsewhere: string;
  /** Ends what was started here, the data written. Safe to call twice. */
  stop(): Promise<void>;
}

export interface StoresOptions {
  /** Data folder (AISLE_HOME). */
  home: string;
  log: (line: string) => void;
  /** @default process.env */
  env?: NodeJS.ProcessEnv;
}

const STORES = { PostgreSQL: startPostgres, Redis: startRedis, MongoDB: startMongodb, 'SNS/SQS': startSqs };

/**
 * Boots PostgreSQL, Redis, MongoDB and SNS/SQS for one data folder, side by side. The caller holds the home's lock.
 * @throws SetupError with one sentence when one cannot be had; the others are ended by then.
 */
export async function startStores({ home, log, env = process.env }: StoresOptions): Promise<Stores> {
  const folder = resolve(home);
  try {
    mkdirSync(join(folder, 'logs'), { recursive: true });
    mkdirSync(join(folder, 'run'), { recursive: true });
  } catch (error) {
    throw explainDisk(folder, error);
  }
  const context = { home: folder, cache: CACHE, env, log };
  const results = await Promise.allSettled(Object.values(STORES).map((start) => start(context)));
  const handles = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const stop = async () => {
    await Promise.all(handles.map((store) => store.stop()));
  };
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) {
    await stop();
    throw explainDisk(folder, failed.reason);
  }
  return {
    env: Object.assign({}, ...handles.map((store) => store.env)) as Record<string, string>,
    describe: Object.keys(STORES).map((label, index) => `${label.padEnd(10)} ${handles[index]?.choice}`),
    handles,
    elsewhere: elsewhereOf(handles),
    stop,
  };
}

/** Stores that are filled by the seed and by nothing else: Redis is rebuilt from PostgreSQL, queues are emptied. */
const KEEPERS = ['postgres', 'mongodb'];

function elsewhereOf(handles: readonly StoreHandle[]): string {
  const given = handles.filter(({ name, isGiven }) => isGiven && KEEPERS.includes(name));
  return given.map(({ choice }) => choice).join('; ');
}
