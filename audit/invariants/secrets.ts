import { createReadStream, existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Finding, Invariant } from '../invariant.ts';
import type { RedisClient, Stores } from '../stores.ts';

/** Columns whose very purpose is to hold a hash of a secret. */
const HASHES: Readonly<Record<string, readonly string[]>> = { 'identity.users': ['password_hash'] };
/** Rows that PostgreSQL sends on for a closer look. Wider than what counts in the end. */
const SUSPECT = String.raw`([0-9][ -]?){15,}|eyJ[A-Za-z0-9_-]{8,}\.|rt_(us|eu|gb|in|br)_|\$argon2|cv[cv]"?\s*[:=]|"password"`;
const TOKEN =
  /eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.|\brt_(?:us|eu|gb|in|br)_[A-Za-z0-9_-]{16,}|\$argon2id?\$|\bcv[cv]"?\s*[:=]\s*"?\d{3,4}\b|"password"\s*:\s*"[^"]/;
/** Not a part of a longer number or of an id; a token like `pm_4242…` counts. GTINs are shorter. */
const DIGITS = /(?<![A-Za-z0-9-]|\d\.)(?:\d[ -]?){14,18}\d(?![A-Za-z0-9-]|\.\d)/g;
const SHOWN = 20;
const LINE = 20_000;

/** A card number: 15 to 19 digits that begin like one and pass the Luhn check. */
export function findCardNumber(text: string): string | undefined {
  for (const [match] of text.matchAll(DIGITS)) {
    const digits = match.replace(/\D/g, '');
    if (!/^(?:4|5[1-5]|2[2-7]|3[47]|6(?:011|5))/.test(digits)) continue;
    let sum = 0;
    [...digits].reverse().forEach((digit, i) => {
      const doubled = Number(digit) * (i % 2 === 0 ? 1 : 2);
      sum += doubled > 9 ? doubled - 9 : doubled;
    });
    if (sum % 10 === 0) return digits;
  }
  return undefined;
}

export const secretIn = (text: string): string | undefined =>
  findCardNumber(text) ? 'a card number' : TOKEN.test(text) ? 'a token, password or its hash' : undefined;

/** Every column of every table of every context, whatever is added to them later. */
async function searchDatabase(
  stores: Stores,
  region: Stores['regions'][number] | 'global',
): Promise<Finding> {
  const tables = await stores.sql(
    region,
    `SELECT table_schema || '.' || table_name AS name FROM information_schema.tables
     WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY 1`,
  );
  const violations: string[] = [];
  let looked = 0;
  for (const { name } of tables) {
    const [counted] = await stores.sql(region, `SELECT count(*)::int AS rows FROM ${name}`);
    looked += Number(counted?.rows);
    const row = `(to_jsonb(t) - $2::text[])::text`;
    const suspects = await stores.sql(
      region,
      `SELECT ${row} AS text FROM ${name} t WHERE ${row} ~ $1 LIMIT 100000`,
      [SUSPECT, HASHES[name] ?? []],
    );
    const found = suspects.flatMap(({ text }) => secretIn(text) ?? []);
    if (found.length > 0) violations.push(`${region}: ${found.length} rows of ${name} hold ${found[0]}`);
  }
  return { looked, violations };
}

/** How a key of each type is read whole; of a stream the newest entries. */
const READERS: Readonly<Record<string, (redis: RedisClient, key: string) => Promise<unknown>>> = {
  string: (redis, key) => redis.get(key),
  hash: (redis, key) => redis.hGetAll(key),
  set: (redis, key) => redis.sMembers(key),
  zset: (redis, key) => redis.zRange(key, 0, -1),
  list: (redis, key) => redis.lRange(key, 0, -1),
  stream: (redis, key) => redis.xRevRange(key, '+', '-', { COUNT: 10_000 }),
};

async function searchRedis({ redis }: Stores): Promise<Finding> {
  const violations: string[] = [];
  let looked = 0;
  for (const [TYPE, read] of Object.entries(READERS)) {
    for await (const keys of redis.scanIterator({ TYPE, COUNT: 1_000 })) {
      const values = await Promise.all(keys.map((key) => read(redis, key)));
      looked += keys.length;
      values.forEach((value, i) => {
        const secret = secretIn(`${keys[i]} ${JSON.stringify(value)}`);
        if (secret && violations.length < SHOWN) violations.push(`Redis: ${keys[i]} holds ${secret}`);
      });
    }
  }
  return { looked, violations };
}

async function searchDocuments(stores: Stores): Promise<Finding> {
  const violations: string[] = [];
  let looked = 0;
  for (const collection of await stores.collections()) {
    for await (const document of stores.documents(collection)) {
      looked++;
      const secret = secretIn(JSON.stringify(document));
      if (secret && violations.length < SHOWN)
        violations.push(`MongoDB: ${collection} ${document._id} holds ${secret}`);
    }
  }
  return { looked, violations };
}

async function searchDeadLetters(stores: Stores): Promise<Finding> {
  const letters = await stores.deadLetters();
  const violations = letters.flatMap(({ consumer, event }) => {
    const secret = secretIn(JSON.stringify(event ?? ''));
    return secret ? [`DLQ of ${consumer}: ${event?.type} ${event?.id} holds ${secret}`] : [];
  });
  return { looked: letters.length, violations };
}

async function searchLogs(folder: string | undefined): Promise<Finding> {
  const violations: string[] = [];
  let looked = 0;
  for (const name of folder && existsSync(folder) ? await readdir(folder) : []) {
    if (!name.endsWith('.log')) continue;
    for await (const line of createInterface({ input: createReadStream(join(folder!, name)) })) {
      looked++;
      const secret = secretIn(line.slice(0, LINE));
      if (secret && violations.length < SHOWN) violations.push(`${name}, line ${looked} with ${secret}`);
    }
  }
  return { looked, violations };
}

/** 11: what must not be kept is kept nowhere. */
export const secrets: Invariant = {
  id: '11',
  title: 'secrets: no card number, CVV, password or token in a store, event, dead letter or log',
  async check(stores): Promise<Finding> {
    const findings = [
      await searchLogs(stores.logs),
      await searchRedis(stores),
      await searchDocuments(stores),
    ];
    for (const region of [...stores.regions, 'global'] as const)
      findings.push(await searchDatabase(stores, region));
    findings.push(await searchDeadLetters(stores));
    return {
      looked: findings.reduce((sum, { looked }) => sum + looked, 0),
      violations: findings.flatMap(({ violations }) => violations),
    };
  },
};
