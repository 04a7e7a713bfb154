import type { Region } from '@aisle/platform/identity';
import type { Platform } from '@aisle/platform/service';
import type { Line } from '../domain/cart.ts';
import { cartIdOf } from '../domain/identity.ts';

export interface CartRow {
  /** `usr_…`. */
  readonly owner: string;
  readonly region: Region;
  readonly lines: readonly Line[];
  /** ISO date and time of its last change. */
  readonly at: string;
}

const CHUNK = 2_000;

/** Carts that customers have filled already. One that exists is left as it is. */
export async function seed(platform: Platform, rows: readonly CartRow[]): Promise<void> {
  for (const [region, carts] of Map.groupBy(rows, (row) => row.region)) {
    for (let at = 0; at < carts.length; at += CHUNK) {
      const chunk = carts.slice(at, at + CHUNK);
      await platform
        .databases()
        .of(region)
        .query(
          `INSERT INTO cart (id, owner, version, revision, lines, merged, updated_at)
         SELECT id, owner, 1, 1, lines, '[]'::jsonb, at FROM unnest($1::text[], $2::text[], $3::jsonb[], $4::timestamptz[]) AS c(id, owner, lines, at)
         ON CONFLICT (id) DO NOTHING`,
          [
            chunk.map(({ owner }) => cartIdOf(owner, region)),
            chunk.map(({ owner }) => owner),
            chunk.map(({ lines, at: time }) =>
              JSON.stringify(lines.map((line) => ({ ...line, addedAt: Date.parse(time) }))),
            ),
            chunk.map(({ at: time }) => time),
          ],
        );
    }
  }
}
