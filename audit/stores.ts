import { type DeadLetter, listDeadLetters } from '@aisle/platform/bus';
import { REGIONS, type Region } from '@aisle/platform/identity';
import { openMongo } from '@aisle/platform/stores';
import pg from 'pg';
import { createClient } from 'redis';
import Stripe from 'stripe';

export type Env = Readonly<Record<string, string | undefined>>;
// biome-ignore lint/suspicious/noExplicitAny: rows of other people's tables
export type Row = Record<string, any>;
export type RedisClient = ReturnType<typeof createClient>;

/** Read access to every store of an installation. The auditor is the one reader who may look across contexts. */
export interface Stores {
  readonly regions: readonly Region[];
  /** All contexts' schemas of a region's database (`orders.orders`, `payments.payments`, …). */
  sql(region: Region | 'global', text: string, params?: readonly unknown[]): Promise<Row[]>;
  readonly redis: RedisClient;
  /** The payment provider, as a merchant sees it. */
  readonly provider: Stripe;
  /** Names of the catalogue's collections in MongoDB. */
  collections(): Promise<string[]>;
  /** All documents of one, in batches. */
  documents(collection: string): AsyncIterable<Row>;
  /** What no consumer could handle. */
  deadLetters(): Promise<DeadLetter[]>;
  /** Folder of logs to search for secrets, if there is one. */
  readonly logs?: string;
  close(): Promise<void>;
}

const MAX_ROWS = 5_000_000;

/** @throws when a store cannot be reached: an audit that did not look is not clean */
export async function openStores(env: Env, consumers: readonly string[], logs?: string): Promise<Stores> {
  const pools = new Map<string, pg.Pool>();
  for (const region of [...REGIONS, 'global'] as const) {
    const name = region === 'global' ? 'DATABASE_URL' : `DATABASE_URL_${region.toUpperCase()}`;
    if (!env[name]) throw new Error(`${name} is not set.`);
    const pool = new pg.Pool({
      connectionString: env[name],
      max: 2,
      connectionTimeoutMillis: 5_000,
      statement_timeout: 60_000,
    });
    pool.on('error', () => {});
    pools.set(region, pool);
  }
  if (!env.REDIS_URL) throw new Error('REDIS_URL is not set.');
  const redis = createClient({ url: env.REDIS_URL });
  redis.on('error', () => {});
  await redis.connect();
  if (!env.MONGODB_URL) throw new Error('MONGODB_URL is not set.');
  const mongo = await openMongo(env.MONGODB_URL, 'catalogue');
  const api = new URL(env.STRIPE_API_URL ?? 'https://api.stripe.com');
  const provider = new Stripe(env.STRIPE_SECRET_KEY ?? 'sk_test_none', {
    host: api.hostname,
    port: api.port || (api.protocol === 'https:' ? 443 : 80),
    protocol: api.protocol === 'https:' ? 'https' : 'http',
    timeout: 10_000,
    telemetry: false,
  });
  return {
    regions: REGIONS,
    async sql(region, text, params = []) {
      const { rows } = await pools.get(region)!.query(text, params as unknown[]);
      if (rows.length > MAX_ROWS) throw new Error('More rows than the auditor holds.');
      return rows;
    },
    redis: redis as RedisClient,
    provider,
    async collections() {
      const found = await mongo.db.listCollections({}, { nameOnly: true }).toArray();
      return found.map(({ name }) => name).sort();
    },
    documents: (collection) => mongo.db.collection(collection).find().batchSize(1_000),
    deadLetters: () => listDeadLetters(env, consumers),
    ...(logs !== undefined && { logs }),
    async close() {
      await Promise.all([...pools.values()].map((pool) => pool.end()));
      await redis.close();
      await mongo.close();
    },
  };
}
