import type { Region } from '@aisle/platform/identity';
import type { Databases, Sql } from '@aisle/platform/stores';
import type { LedgerLine, MovementKind } from '../domain/movement.ts';
import { partitionOf } from '../domain/partition.ts';
import { type StockLevels, stockOf } from '../domain/stock.ts';

export interface Movement {
  readonly ref: string;
  readonly kind: 'SALE' | 'RESTOCK' | 'ADJUST';
  readonly orderId?: string;
  readonly inputHash?: string;
  readonly answer?: unknown;
  readonly actor?: string;
  readonly reason?: string;
  readonly lines: readonly (LedgerLine & { readonly kind: MovementKind })[];
  /** The epoch in which each touched partition was prepared. */
  readonly epochs: ReadonlyMap<number, string>;
}

export interface Recorded {
  readonly state: 'DONE' | 'VOID';
  readonly inputHash: string | null;
  readonly answer: unknown;
}

export interface Booked extends Omit<Recorded, 'answer'> {
  readonly skus: ReadonlySet<string>;
}

/** `BOOKED` now, `EXISTS` since earlier (or void), `STALE`: the live counters were restored since it was prepared. */
export type AppendOutcome =
  | { readonly status: 'BOOKED' | 'STALE' }
  | { readonly status: 'EXISTS'; readonly recorded: Recorded };

export interface SaleLine {
  readonly sku: string;
  readonly warehouseId: string;
  readonly quantity: number;
}

export type Ledger = ReturnType<typeof createLedger>;

const APPEND = `
WITH fence AS MATERIALIZED (
  SELECT e.part FROM partition_epoch e
  JOIN unnest($7::smallint[], $8::bigint[]) AS want(part, epoch) ON want.part = e.part AND want.epoch = e.epoch
  ORDER BY e.part FOR SHARE OF e
), booked AS (
  INSERT INTO movement (ref, kind, state, input_hash, answer, actor, reason)
  SELECT $1, $2, 'DONE', $3, $4::jsonb, $5, $6 WHERE (SELECT count(*) FROM fence) = cardinality($7::smallint[])
  ON CONFLICT (ref) DO NOTHING RETURNING ref
), lines AS (
  INSERT INTO ledger (part, sku, warehouse_id, kind, ref, order_id, on_hand, sold)
  SELECT l.part, l.sku, l.warehouse_id, l.kind, $1, $9, l.on_hand, l.sold
  FROM unnest($10::smallint[], $11::text[], $12::text[], $13::text[], $14::int[], $15::int[])
    AS l(part, sku, warehouse_id, kind, on_hand, sold)
  WHERE EXISTS (SELECT FROM booked)
  RETURNING 1
)
SELECT (SELECT count(*) FROM fence)::int AS fenced, (SELECT count(*) FROM booked)::int AS booked, (SELECT count(*) FROM lines)::int AS lines`;

/** The books, in the region's PostgreSQL: what they say is what is so. */
export function createLedger(databases: Databases) {
  async function find(
    region: Region,
    ref: string,
    sql: Sql = databases.of(region),
  ): Promise<Recorded | undefined> {
    const [row] = await sql.query<{ state: 'DONE' | 'VOID'; input_hash: string | null; answer: unknown }>(
      'SELECT state, input_hash, answer FROM movement WHERE ref = $1',
      [ref],
      'inventory-movement',
    );
    return row && { state: row.state, inputHash: row.input_hash, answer: row.answer };
  }

  return {
    find,

    /** Books a movement once, in one statement, and only in the epoch its units were prepared in. */
    async append(
      region: Region,
      movement: Movement,
      sql: Sql = databases.of(region),
    ): Promise<AppendOutcome> {
      const { lines, epochs } = movement;
      const [row] = await sql.query<{ fenced: number; booked: number }>(
        APPEND,
        [
          movement.ref,
          movement.kind,
          movement.inputHash ?? null,
          movement.answer === undefined ? null : JSON.stringify(movement.answer),
          movement.actor ?? null,
          movement.reason ?? null,
          [...epochs.keys()],
          [...epochs.values()],
          movement.orderId ?? null,
          lines.map(({ sku }) => partitionOf(sku)),
          lines.map(({ sku }) => sku),
          lines.map(({ warehouseId }) => warehouseId),
          lines.map(({ kind }) => kind),
          lines.map(({ onHand }) => onHand),
          lines.map(({ sold }) => sold),
        ],
        'inventory-append',
      );
      if (row!.booked === 1) return { status: 'BOOKED' };
      const recorded = await find(region, movement.ref, sql);
      return recorded ? { status: 'EXISTS', recorded } : { status: 'STALE' };
    },

    /** Decides that a sale will never happen, unless it already has. @returns what is so now */
    async void(region: Region, ref: string): Promise<'DONE' | 'VOID'> {
      const rows = await databases
        .of(region)
        .query(
          `INSERT INTO movement (ref, kind, state) VALUES ($1, 'SALE', 'VOID') ON CONFLICT (ref) DO NOTHING RETURNING ref`,
          [ref],
        );
      return rows.length === 1 ? 'VOID' : (await find(region, ref))!.state;
    },

    /** What is recorded of some movements, and of which SKUs. */
    async findMany(region: Region, refs: readonly string[]): Promise<Map<string, Booked>> {
      const rows = await databases
        .of(region)
        .query<{ ref: string; state: 'DONE' | 'VOID'; input_hash: string | null; skus: string[] }>(
          `SELECT m.ref, m.state, m.input_hash, array_remove(array_agg(DISTINCT l.sku), NULL) AS skus
           FROM movement m LEFT JOIN ledger l ON l.ref = m.ref WHERE m.ref = ANY($1) GROUP BY m.ref`,
          [refs],
        );
      return new Map(
        rows.map(({ ref, state, input_hash, skus }) => [
          ref,
          { state, inputHash: input_hash, skus: new Set(skus) },
        ]),
      );
    },

    /** What an order still has of what it bought: its sale without what was put back. Locks the sale until the end of `tx`. */
    async remainingOf(tx: Sql, orderId: string): Promise<SaleLine[]> {
      await tx.query('SELECT 1 FROM movement WHERE ref = $1 FOR UPDATE', [orderId]);
      const rows = await tx.query<{ sku: string; warehouse_id: string; units: number }>(
        `SELECT sku, warehouse_id, sum(sold)::int AS units FROM ledger
         WHERE order_id = $1 AND kind IN ('SALE', 'RESTOCK') GROUP BY sku, warehouse_id HAVING sum(sold) > 0 ORDER BY sku, warehouse_id`,
        [orderId],
      );
      return rows.map((row) => ({ sku: row.sku, warehouseId: row.warehouse_id, quantity: row.units }));
    },

    /** The books' view of some SKUs: no holds. */
    async read(region: Region, skus: readonly string[]): Promise<Map<string, StockLevels>> {
      const rows = await databases
        .of(region)
        .query<{ sku: string; warehouse_id: string; on_hand: number; sold: number }>(
          `SELECT sku, warehouse_id, sum(on_hand)::int AS on_hand, sum(sold)::int AS sold FROM ledger
         WHERE sku = ANY($1) GROUP BY sku, warehouse_id ORDER BY sku, warehouse_id`,
          [skus],
        );
      const bySku = Map.groupBy(rows, ({ sku }) => sku);
      const level = (row: (typeof rows)[number]) => ({
        warehouseId: row.warehouse_id,
        onHand: row.on_hand,
        held: 0,
        sold: row.sold,
      });
      return new Map(skus.map((sku) => [sku, stockOf((bySku.get(sku) ?? []).map(level))]));
    },

    /** Every SKU that was ever booked in the region. */
    async skus(region: Region): Promise<string[]> {
      const rows = await databases.of(region).query<{ sku: string }>('SELECT DISTINCT sku FROM ledger');
      return rows.map(({ sku }) => sku);
    },

    transaction: <T>(region: Region, work: (tx: Sql) => Promise<T>): Promise<T> =>
      databases.of(region).transaction(work),
  };
}
