import { hasPrefix } from '@aisle/platform/ids';
import type { Database, Row } from '@aisle/platform/stores';
import type { ApiKey, ApiScope } from '../domain/api-key.ts';
import type { ApiKeys, StoredApiKey } from './index.ts';

interface KeyRow extends Row {
  id: string;
  seller_id: string;
  name: string;
  prefix: string;
  hash: Buffer;
  scopes: ApiScope[];
  created_at: Date;
  last_used_at: Date | null;
  revoked_at: Date | null;
}

const SHOWN = 'id, seller_id, name, prefix, scopes, created_at, last_used_at, revoked_at';

const toKey = (row: KeyRow): ApiKey => ({
  id: row.id,
  sellerId: row.seller_id,
  name: row.name,
  prefix: row.prefix,
  scopes: row.scopes,
  createdAt: row.created_at,
  lastUsedAt: row.last_used_at,
  revokedAt: row.revoked_at,
});

export function postgresApiKeys(database: Database): ApiKeys {
  return {
    async find(id): Promise<StoredApiKey | undefined> {
      if (!hasPrefix(id, 'key')) return undefined;
      const text = `SELECT ${SHOWN}, hash FROM api_keys WHERE id = $1`;
      const [row] = await database.query<KeyRow>(text, [id], 'sellers-key');
      return row && { ...toKey(row), hash: row.hash };
    },
    async list(sellerId) {
      const text = `SELECT ${SHOWN} FROM api_keys WHERE seller_id = $1 ORDER BY created_at DESC, id DESC LIMIT 200`;
      return (await database.query<KeyRow>(text, [sellerId])).map(toKey);
    },
    add: (key, max) =>
      database.transaction(async (tx) => {
        // Keys of one seller are made one after the other, so that the limit holds.
        await tx.query('SELECT 1 FROM sellers WHERE id = $1 FOR UPDATE', [key.sellerId]);
        const count = 'SELECT count(*)::int AS n FROM api_keys WHERE seller_id = $1 AND revoked_at IS NULL';
        const [live] = await tx.query<{ n: number }>(count, [key.sellerId]);
        if ((live?.n ?? 0) >= max) return undefined;
        const [row] = await tx.query<KeyRow>(
          `INSERT INTO api_keys (id, seller_id, name, prefix, hash, scopes, created_by, created_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING ${SHOWN}`,
          [key.id, key.sellerId, key.name, key.prefix, key.hash, key.scopes, key.createdBy, key.createdAt],
        );
        return row && toKey(row);
      }),
    async revoke(id, now) {
      const text = `UPDATE api_keys SET revoked_at = coalesce(revoked_at, $2) WHERE id = $1 RETURNING ${SHOWN}`;
      const [row] = await database.query<KeyRow>(text, [id, now]);
      return row && toKey(row);
    },
    async touch(id, now) {
      await database.query(
        `UPDATE api_keys SET last_used_at = $2
         WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < $2::timestamptz - interval '1 minute')`,
        [id, now],
        'sellers-touch',
      );
    },
  };
}
