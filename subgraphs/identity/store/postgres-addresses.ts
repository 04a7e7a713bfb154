import { regionOf } from '@aisle/platform/ids';
import type { Databases, Row, Sql } from '@aisle/platform/stores';
import type { Address } from '../domain/address.ts';
import type { Addresses } from './index.ts';

interface AddressRow extends Row {
  id: string;
  user_id: string;
  name: string;
  line1: string;
  line2: string | null;
  city: string;
  state: string | null;
  postcode: string;
  country: string;
  phone: string | null;
  is_default: boolean;
}

const COLUMNS = 'id, user_id, name, line1, line2, city, state, postcode, country, phone, is_default';

function toAddress({ user_id, is_default, ...row }: AddressRow): Address {
  return { ...row, userId: user_id, isDefault: is_default };
}

const first = (rows: readonly AddressRow[]): Address | undefined =>
  rows[0] ? toAddress(rows[0]) : undefined;

/** Changes to one person's addresses wait for each other: "one default" and "at most n" hold at every moment. */
const lockUser = (tx: Sql, userId: string) =>
  tx.query('SELECT 1 FROM users WHERE id = $1 FOR UPDATE', [userId]);

const unsetDefault = (tx: Sql, userId: string) =>
  tx.query('UPDATE addresses SET is_default = false WHERE user_id = $1 AND is_default', [userId]);

/** Addresses lie where their person lies; a foreign id finds nothing. */
export function postgresAddresses(databases: Databases): Addresses {
  const homeOf = (id: string, prefix: 'usr' | 'adr') => {
    const region = regionOf(id, prefix);
    return region && databases.of(region);
  };
  return {
    async list(userId) {
      const rows = await homeOf(userId, 'usr')?.query<AddressRow>(
        `SELECT ${COLUMNS} FROM addresses WHERE user_id = $1 ORDER BY is_default DESC, created_at, id`,
        [userId],
        'identity-addresses',
      );
      return (rows ?? []).map(toAddress);
    },
    async find(id) {
      const rows = await homeOf(id, 'adr')?.query<AddressRow>(
        `SELECT ${COLUMNS} FROM addresses WHERE id = $1`,
        [id],
        'identity-address',
      );
      return first(rows ?? []);
    },
    async add({ id, userId, fields, makeDefault, now }, max) {
      return homeOf(userId, 'usr')?.transaction(async (tx) => {
        await lockUser(tx, userId);
        const [held] = await tx.query<{ n: number }>(
          'SELECT count(*)::int AS n FROM addresses WHERE user_id = $1',
          [userId],
        );
        const count = held?.n ?? 0;
        if (count >= max) return undefined;
        const isDefault = makeDefault || count === 0;
        if (isDefault) await unsetDefault(tx, userId);
        const { name, line1, line2, city, state, postcode, country, phone } = fields;
        return first(
          await tx.query<AddressRow>(
            `INSERT INTO addresses (${COLUMNS}, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) RETURNING ${COLUMNS}`,
            [id, userId, name, line1, line2, city, state, postcode, country, phone, isDefault, now],
          ),
        );
      });
    },
    async update(id, userId, { name, line1, line2, city, state, postcode, country, phone }) {
      const rows = await homeOf(id, 'adr')?.query<AddressRow>(
        `UPDATE addresses SET name = $3, line1 = $4, line2 = $5, city = $6, state = $7, postcode = $8, country = $9, phone = $10
         WHERE id = $1 AND user_id = $2 RETURNING ${COLUMNS}`,
        [id, userId, name, line1, line2, city, state, postcode, country, phone],
      );
      return first(rows ?? []);
    },
    async remove(id, userId) {
      return homeOf(id, 'adr')?.transaction(async (tx) => {
        await lockUser(tx, userId);
        const gone = first(
          await tx.query<AddressRow>(
            `DELETE FROM addresses WHERE id = $1 AND user_id = $2 RETURNING ${COLUMNS}`,
            [id, userId],
          ),
        );
        if (gone?.isDefault) {
          await tx.query(
            `UPDATE addresses SET is_default = true
             WHERE id = (SELECT id FROM addresses WHERE user_id = $1 ORDER BY created_at DESC, id DESC LIMIT 1)`,
            [userId],
          );
        }
        return gone;
      });
    },
    async setDefault(id, userId) {
      return homeOf(id, 'adr')?.transaction(async (tx) => {
        await lockUser(tx, userId);
        const [own] = await tx.query('SELECT 1 FROM addresses WHERE id = $1 AND user_id = $2', [id, userId]);
        if (!own) return undefined;
        await unsetDefault(tx, userId);
        return first(
          await tx.query<AddressRow>(
            `UPDATE addresses SET is_default = true WHERE id = $1 RETURNING ${COLUMNS}`,
            [id],
          ),
        );
      });
    },
  };
}
