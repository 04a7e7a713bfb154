import { regionOf } from '@aisle/platform/ids';
import type { Databases } from '@aisle/platform/stores';
import type { MethodStore } from './index.ts';
import { type MethodRow, toMethod } from './rows.ts';

const LIST = `SELECT * FROM payment_methods WHERE user_id = $1 AND ($2::timestamptz IS NULL OR (created_at, id) < ($2, $3))
ORDER BY created_at DESC, id DESC LIMIT $4`;

/** The person's row count is checked under a lock of that person, so that two at once cannot pass it together. */
const ADD = `WITH room AS (SELECT count(*) < $11 AS free FROM payment_methods WHERE user_id = $2)
INSERT INTO payment_methods (id, user_id, source, token, customer, brand, last4, exp_month, exp_year, created_at)
SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10 FROM room WHERE free
ON CONFLICT (user_id, source) DO NOTHING RETURNING *`;

export function postgresMethods(databases: Databases): MethodStore {
  return {
    async list(userId, region, limit, after) {
      const params = [userId, after ? new Date(after.createdAt) : null, after?.id ?? null, limit];
      const rows = await databases.of(region).query<MethodRow>(LIST, params, 'method_list');
      return rows.map((row) => toMethod(row, region));
    },

    async find(id) {
      const region = regionOf(id, 'pmt');
      if (!region) return undefined;
      const text = 'SELECT * FROM payment_methods WHERE id = $1';
      const [row] = await databases.of(region).query<MethodRow>(text, [id], 'method_find');
      return row && toMethod(row, region);
    },

    async bySource(userId, region, source) {
      const text = 'SELECT * FROM payment_methods WHERE user_id = $1 AND source = $2';
      const [row] = await databases.of(region).query<MethodRow>(text, [userId, source]);
      return row && toMethod(row, region);
    },

    async add(method, max) {
      const { id, userId, source, token, customer, brand, last4, expMonth, expYear, createdAt, region } =
        method;
      return databases.of(region).transaction(async (tx) => {
        await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [userId]);
        const values = [
          id,
          userId,
          source,
          token,
          customer,
          brand,
          last4,
          expMonth,
          expYear,
          new Date(createdAt),
          max,
        ];
        const [made] = await tx.query<MethodRow>(ADD, values);
        const [row] = made
          ? [made]
          : await tx.query<MethodRow>('SELECT * FROM payment_methods WHERE user_id = $1 AND source = $2', [
              userId,
              source,
            ]);
        return row && toMethod(row, region);
      });
    },

    async remove({ id, region }) {
      await databases.of(region).query('DELETE FROM payment_methods WHERE id = $1', [id]);
    },
  };
}
