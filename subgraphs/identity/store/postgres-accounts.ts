import { REGIONS, type Region } from '@aisle/platform/identity';
import { regionOf } from '@aisle/platform/ids';
import type { PostgresOutbox } from '@aisle/platform/outbox';
import type { Database, Databases, Row } from '@aisle/platform/stores';
import type { Account, AccountRole } from '../domain/user.ts';
import { userRegistered } from '../events/published.ts';
import { type Directory, openDirectory } from './email-directory.ts';
import type { Accounts, RolesChange } from './index.ts';
import { insertSession } from './postgres-sessions.ts';

interface UserRow extends Row {
  id: string;
  email: string;
  name: string;
  roles: AccountRole[];
  seller_id: string | null;
  version: number;
  created_at: Date;
  password_hash: string;
}

const COLUMNS = 'id, email, name, roles, seller_id, version, created_at';

const toAccount = (row: UserRow, region: Region): Account => ({
  id: row.id,
  email: row.email,
  name: row.name,
  region,
  roles: row.roles,
  sellerId: row.seller_id,
  version: row.version,
  createdAt: row.created_at,
});

/** Accounts in their regions, and the directory of keyed e-mail hashes in the global database. */
export function postgresAccounts(
  databases: Databases,
  emailHash: (email: string) => Buffer,
  outbox: PostgresOutbox,
): Accounts {
  const exists = async (id: string) => {
    const region = regionOf(id, 'usr');
    return (
      region !== undefined &&
      (await databases.of(region).query('SELECT 1 FROM users WHERE id = $1', [id])).length > 0
    );
  };
  const directory: Directory = openDirectory(databases.global, exists);

  return {
    async find(id) {
      const region = regionOf(id, 'usr');
      if (!region) return undefined;
      const [row] = await databases
        .of(region)
        .query<UserRow>(`SELECT ${COLUMNS} FROM users WHERE id = $1`, [id], 'identity-user');
      return row && toAccount(row, region);
    },
    async findMany(ids) {
      const byRegion = Map.groupBy(ids, (id) => regionOf(id, 'usr'));
      const found = new Map<string, Account>();
      const read = async (region: Region, wanted: string[]) => {
        const rows = await databases
          .of(region)
          .query<UserRow>(`SELECT ${COLUMNS} FROM users WHERE id = ANY ($1)`, [wanted], 'identity-users');
        for (const row of rows) found.set(row.id, toAccount(row, region));
      };
      await Promise.all([...byRegion].map(([region, wanted]) => region && read(region, wanted)));
      return found;
    },
    async credentials(email) {
      const hash = emailHash(email);
      const userId = await directory.find(hash);
      // An unknown address costs the same two looks: some region is asked for nobody.
      const region = (userId && regionOf(userId, 'usr')) || REGIONS[hash[0]! % REGIONS.length]!;
      const [row] = await databases
        .of(region)
        .query<UserRow>(
          `SELECT ${COLUMNS}, password_hash FROM users WHERE id = $1 AND email = $2`,
          [userId ?? '', email],
          'identity-login',
        );
      return row && { account: toAccount(row, region), passwordHash: row.password_hash };
    },
    isTaken: (email) => directory.isTaken(emailHash(email)),
    async register(account, session) {
      const hash = emailHash(account.email);
      if (!(await directory.reserve(hash, account.id, account.createdAt))) return false;
      const database = databases.of(account.region);
      try {
        await database.transaction(async (tx) => {
          await tx.query(
            'INSERT INTO users (id, email, name, roles, password_hash, created_at) VALUES ($1, $2, $3, $4, $5, $6)',
            [account.id, account.email, account.name, ['customer'], account.passwordHash, account.createdAt],
            'identity-register',
          );
          await insertSession(tx, session);
          const { id: userId, region } = account;
          await outbox.append(tx, [
            userRegistered({ userId, region, roles: ['customer'] }, account.createdAt.getTime()),
          ]);
        });
      } catch (error) {
        // Whether the commit came through is not known for every error: only a reservation without an account is given back.
        if (!(await exists(account.id).catch(() => true)))
          await directory.release(hash, account.id).catch(() => {});
        throw error;
      }
      outbox.wake(account.region);
      await directory.confirm(hash, account.id);
      return true;
    },
    async updateHash(id, passwordHash) {
      const region = regionOf(id, 'usr');
      if (region)
        await databases
          .of(region)
          .query('UPDATE users SET password_hash = $2 WHERE id = $1', [id, passwordHash]);
    },
    saveRoles: (account, change) => saveRoles(databases.of(account.region), account, change),
  };
}

async function saveRoles(
  database: Database,
  account: Account,
  change: RolesChange,
): Promise<Account | undefined> {
  const [row] = await database.query<UserRow>(
    `WITH changed AS (
       UPDATE users SET roles = $3, seller_id = $4, version = version + 1 WHERE id = $1 AND version = $2 RETURNING ${COLUMNS}
     ), noted AS (
       INSERT INTO role_changes (user_id, role, granted, changed_by, changed_at) SELECT id, $5, $6, $7, $8 FROM changed
     )
     SELECT * FROM changed`,
    [
      account.id,
      account.version,
      change.roles,
      change.sellerId,
      change.role,
      change.granted,
      change.by,
      change.at,
    ],
  );
  return row && toAccount(row, account.region);
}
