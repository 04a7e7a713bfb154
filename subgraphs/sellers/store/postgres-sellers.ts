import type { AisleEvent } from '@aisle/platform/bus';
import type { Region } from '@aisle/platform/identity';
import { hasPrefix } from '@aisle/platform/ids';
import type { PostgresOutbox } from '@aisle/platform/outbox';
import type { Database, Row } from '@aisle/platform/stores';
import { nameKey } from '../domain/profile.ts';
import type { Seller, SellerStatus } from '../domain/seller.ts';
import type { Sellers } from './index.ts';

interface SellerRow extends Row {
  id: string;
  name: string;
  description: string;
  status: SellerStatus;
  owner_id: string;
  region: Region;
  contact_email: string;
  fee_bps: number;
  suspension_reason: string | null;
  version: number;
  created_at: Date;
  approved_at: Date | null;
}

const COLUMNS =
  'id, name, description, status, owner_id, region, contact_email, fee_bps, suspension_reason, version, created_at, approved_at';

const toSeller = (row: SellerRow): Seller => ({
  id: row.id,
  name: row.name,
  description: row.description,
  status: row.status,
  ownerId: row.owner_id,
  region: row.region,
  contactEmail: row.contact_email,
  feeBps: row.fee_bps,
  suspensionReason: row.suspension_reason,
  version: row.version,
  createdAt: row.created_at,
  approvedAt: row.approved_at,
});

/** Which unique index an insert or update ran into (SQLSTATE 23505), if it did. */
function violated(error: unknown): string | undefined {
  const { code, constraint } = error as { code?: string; constraint?: string };
  return code === '23505' ? constraint : undefined;
}

export function postgresSellers(database: Database, outbox: PostgresOutbox): Sellers {
  const one = async (where: string, value: string) => {
    const rows = await database.query<SellerRow>(`SELECT ${COLUMNS} FROM sellers WHERE ${where} = $1`, [
      value,
    ]);
    return rows[0] && toSeller(rows[0]);
  };
  return {
    find: async (id) => (hasPrefix(id, 'sel') ? one('id', id) : undefined),
    findByOwner: (ownerId) => one('owner_id', ownerId),
    async findMany(ids) {
      const text = `SELECT ${COLUMNS} FROM sellers WHERE id = ANY ($1)`;
      const known = ids.filter((id) => hasPrefix(id, 'sel'));
      const rows = await database.query<SellerRow>(text, [known], 'sellers-many');
      return new Map(rows.map((row) => [row.id, toSeller(row)]));
    },
    async list(status, limit, after) {
      const rows = await database.query<SellerRow>(
        `SELECT ${COLUMNS} FROM sellers WHERE status = $1 AND (name_key, id) > ($3, $4) ORDER BY name_key, id LIMIT $2`,
        [status, limit, after?.nameKey ?? '', after?.id ?? ''],
        'sellers-list',
      );
      return rows.map(toSeller);
    },
    async add(seller) {
      try {
        await database.query(
          `INSERT INTO sellers (${COLUMNS}, name_key) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
          [...valuesOf(seller), nameKey(seller.name)],
        );
        return 'added';
      } catch (error) {
        const index = violated(error);
        if (index === undefined) throw error;
        return index.includes('owner') ? 'owner-has-one' : 'name-taken';
      }
    },
    async save(seller, events: readonly AisleEvent[]) {
      try {
        const saved = await database.transaction(async (tx) => {
          const rows = await tx.query(
            `UPDATE sellers SET name = $2, description = $3, status = $4, contact_email = $5, fee_bps = $6,
               suspension_reason = $7, version = $8, approved_at = $9, name_key = $10
             WHERE id = $1 AND version = $8 - 1 RETURNING id`,
            [
              seller.id,
              seller.name,
              seller.description,
              seller.status,
              seller.contactEmail,
              seller.feeBps,
              seller.suspensionReason,
              seller.version,
              seller.approvedAt,
              nameKey(seller.name),
            ],
          );
          if (rows.length > 0) await outbox.append(tx, events);
          return rows.length > 0;
        });
        if (saved && events.length > 0) outbox.wake('global');
        return saved ? 'saved' : 'conflict';
      } catch (error) {
        if (violated(error) === undefined) throw error;
        return 'name-taken';
      }
    },
  };
}

/** In the order of `COLUMNS`. */
const valuesOf = (seller: Seller): unknown[] => [
  seller.id,
  seller.name,
  seller.description,
  seller.status,
  seller.ownerId,
  seller.region,
  seller.contactEmail,
  seller.feeBps,
  seller.suspensionReason,
  seller.version,
  seller.createdAt,
  seller.approvedAt,
];
