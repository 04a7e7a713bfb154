import { createHmac } from 'node:crypto';
import { createPostgresOutbox } from '@aisle/platform/outbox';
import type { Platform } from '@aisle/platform/service';
import { allOutspoken } from '@aisle/platform/stores';
import type { JWK } from 'jose';
import type { Config } from '../config.ts';
import { generateSigningKey, openAccessTokens } from './access-tokens.ts';
import { argon2Passwords } from './argon2-passwords.ts';
import type { Ports } from './index.ts';
import { postgresAccounts } from './postgres-accounts.ts';
import { postgresAddresses } from './postgres-addresses.ts';
import { postgresSessions } from './postgres-sessions.ts';
import { redisAttempts } from './redis-attempts.ts';
import { redisRevocations } from './redis-revocations.ts';

/** HMAC-SHA-256: without the key nobody can test whether an address is in the directory. */
export const keyedEmailHash =
  (key: string) =>
  (email: string): Buffer =>
    createHmac('sha256', key).update(email).digest();

/** The adapters behind identity's ports. */
export async function openPorts(platform: Platform, config: Config): Promise<Ports> {
  const databases = allOutspoken(platform.databases(), 'Accounts cannot be reached just now. Try again.');
  const redis = await platform.redis();
  const emailHash = keyedEmailHash(config.emailKey);
  const outbox = createPostgresOutbox(platform.name, platform.databases());
  const keys = config.signingKeys ?? [JSON.parse(generateSigningKey())];
  return {
    accounts: postgresAccounts(databases, emailHash, outbox),
    sessions: postgresSessions(databases),
    addresses: postgresAddresses(databases),
    passwords: argon2Passwords(config.passwords),
    attempts: redisAttempts(redis, config.attempts, platform.log),
    revocations: redisRevocations(redis, config.accessTokenSeconds),
    accessTokens: await openAccessTokens(keys as JWK[], config.accessTokenSeconds),
    emailHash,
    ping: async () => {
      await Promise.all(databases.all.map((database) => database.query('SELECT 1')));
    },
    outbox,
  };
}
