import { REGIONS, type Region } from '@aisle/platform/identity';
import type { Platform } from '@aisle/platform/service';
import type { Database } from '@aisle/platform/stores';
import { hash } from '@node-rs/argon2';
import { readIdentityConfig } from '../config.ts';
import type { AddressFields } from '../domain/address.ts';
import { normaliseEmail } from '../domain/email.ts';
import type { AccountRole } from '../domain/user.ts';
import { COST } from './argon2-passwords.ts';
import { keyedEmailHash } from './open.ts';

export interface SeedAddress extends AddressFields {
  /** `adr_<region>_…` */
  readonly id: string;
}

export interface SeedUser {
  /** `usr_<region>_…` */
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly region: Region;
  readonly roles: readonly AccountRole[];
  readonly sellerId?: string | null;
  readonly password: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  /** The first is the default. */
  readonly addresses: readonly SeedAddress[];
}

/** Rows sent in one statement. */
const BATCH = 2_000;

function* batches<T>(rows: readonly T[]): Generator<T[]> {
  for (let i = 0; i < rows.length; i += BATCH) yield rows.slice(i, i + BATCH);
}

async function seedRegion(
  database: Database,
  users: readonly SeedUser[],
  hashes: ReadonlyMap<string, string>,
): Promise<void> {
  for (const batch of batches(users)) {
    const accounts = batch.map(({ password, addresses: _, sellerId, createdAt, ...user }) => ({
      ...user,
      seller_id: sellerId ?? null,
      password_hash: hashes.get(password),
      created_at: new Date(createdAt),
    }));
    await database.query(
      `INSERT INTO users (id, email, name, roles, seller_id, password_hash, created_at)
       SELECT id, email, name, ARRAY(SELECT jsonb_array_elements_text(roles)), seller_id, password_hash, created_at
       FROM jsonb_to_recordset($1::jsonb) AS row
         (id text, email text, name text, roles jsonb, seller_id text, password_hash text, created_at timestamptz)
       ON CONFLICT DO NOTHING`,
      [JSON.stringify(accounts)],
    );
    const addresses = batch.flatMap((user) =>
      user.addresses.map((address, i) => ({
        ...address,
        user_id: user.id,
        is_default: i === 0,
        created_at: new Date(user.createdAt + i),
      })),
    );
    await database.query(
      `INSERT INTO addresses (id, user_id, name, line1, line2, city, state, postcode, country, phone, is_default, created_at)
       SELECT * FROM jsonb_to_recordset($1::jsonb) AS row
         (id text, user_id text, name text, line1 text, line2 text, city text, state text, postcode text, country text,
          phone text, is_default boolean, created_at timestamptz)
       ON CONFLICT DO NOTHING`,
      [JSON.stringify(addresses)],
    );
  }
}

/** Puts accounts with their addresses in their regions. What is there already stays as it is. */
export async function seed(platform: Platform, users: readonly SeedUser[]): Promise<void> {
  const emailHash = keyedEmailHash(readIdentityConfig(platform.env).emailKey);
  const databases = platform.databases();
  const rows = users.map((user) => {
    const email = normaliseEmail(user.email);
    if (!email) throw new Error(`${user.id} has no valid e-mail address.`);
    return { ...user, email };
  });
  // Demo people share passwords: each distinct one is hashed once.
  const hashes = new Map<string, string>();
  for (const password of new Set(rows.map((user) => user.password)))
    hashes.set(password, await hash(password, COST));
  for (const batch of batches(rows)) {
    await databases.global.query(
      `INSERT INTO email_directory (email_hash, user_id, confirmed, reserved_at)
       SELECT decode(hash, 'hex'), id, true, now() FROM jsonb_to_recordset($1::jsonb) AS row (hash text, id text)
       ON CONFLICT DO NOTHING`,
      [JSON.stringify(batch.map(({ id, email }) => ({ id, hash: emailHash(email).toString('hex') })))],
    );
  }
  const seedOf = (region: Region) =>
    seedRegion(
      databases.of(region),
      rows.filter((user) => user.region === region),
      hashes,
    );
  await Promise.all(REGIONS.map(seedOf));
}
