import type { Region } from '@aisle/platform/identity';
import type { Platform } from '@aisle/platform/service';
import { nameKey } from '../domain/profile.ts';

export interface SeedSeller {
  /** `sel_…` */
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** `usr_<region>_…`, one seller per owner. */
  readonly ownerId: string;
  readonly region: Region;
  readonly contactEmail: string;
  readonly feeBps: number;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  /** @default 'APPROVED' */
  readonly status?: 'PENDING' | 'APPROVED' | 'SUSPENDED';
}

/** Rows sent in one statement. */
const BATCH = 2_000;

/** Puts sellers in the global database. What is there already stays as it is. */
export async function seed(platform: Platform, sellers: readonly SeedSeller[]): Promise<void> {
  const { global } = platform.databases();
  const rows = sellers.map((seller) => {
    const status = seller.status ?? 'APPROVED';
    return {
      id: seller.id,
      name: seller.name,
      name_key: nameKey(seller.name),
      description: seller.description,
      status,
      owner_id: seller.ownerId,
      region: seller.region,
      contact_email: seller.contactEmail,
      fee_bps: seller.feeBps,
      created_at: new Date(seller.createdAt),
      approved_at: status === 'PENDING' ? null : new Date(seller.createdAt),
    };
  });
  for (let i = 0; i < rows.length; i += BATCH) {
    await global.query(
      `INSERT INTO sellers (id, name, name_key, description, status, owner_id, region, contact_email, fee_bps, created_at, approved_at)
       SELECT * FROM jsonb_to_recordset($1::jsonb) AS row
         (id text, name text, name_key text, description text, status text, owner_id text, region text, contact_email text,
          fee_bps integer, created_at timestamptz, approved_at timestamptz)
       ON CONFLICT DO NOTHING`,
      [JSON.stringify(rows.slice(i, i + BATCH))],
    );
  }
}
