import { REGIONS, type Region } from '@aisle/platform/identity';
import { regionOf } from '@aisle/platform/ids';
import type { Platform } from '@aisle/platform/service';
import type { Redis, Sql } from '@aisle/platform/stores';
import { type LedgerLine, ledgerLine, type MovementKind } from '../domain/movement.ts';
import { partitionOf, partitionsOf } from '../domain/partition.ts';
import { metaKey } from './keys.ts';
import { createOwners } from './owners.ts';

export interface WarehouseRow {
  /** `whs_<region>_…`; the region is where its stock is booked. */
  readonly id: string;
  readonly name: string;
  readonly city: string;
}

export interface OwnerRow {
  readonly sku: string;
  readonly sellerId: string;
  readonly productId: string;
}

export interface LevelRow {
  readonly sku: string;
  readonly warehouseId: string;
  readonly onHand: number;
}

/** A sale of the past. A dispatched one leaves today's levels as they are. */
export interface PastSaleRow {
  readonly orderId: string;
  readonly sku: string;
  readonly warehouseId: string;
  readonly quantity: number;
  readonly dispatched: boolean;
  /** ISO date and time. */
  readonly at: string;
}

export interface InventorySeed {
  readonly warehouses?: readonly WarehouseRow[];
  readonly owners?: readonly OwnerRow[];
  readonly levels?: readonly LevelRow[];
  readonly sales?: readonly PastSaleRow[];
}

type Booking = LedgerLine & {
  readonly kind: MovementKind;
  readonly ref: string;
  readonly orderId: string | null;
  readonly at: string | null;
};

const CHUNK = 5_000;

/** Books a start stock and past sales. What is booked already is left as it is; may be called with one batch after another. */
export async function seed(platform: Platform, rows: InventorySeed): Promise<void> {
  const databases = platform.databases();
  const redis = await platform.redis();
  const owners = createOwners(databases.global);
  for (const chunk of chunks(rows.owners ?? []))
    await owners.learn(chunk.map((owner) => ({ ...owner, version: 0 })));
  const { warehouses = [], levels = [], sales = [] } = rows;
  await Promise.all(
    REGIONS.map((region) =>
      databases.of(region).transaction(async (tx) => {
        const here = <T>(list: readonly T[], idOf: (row: T) => string) =>
          list.filter((row) => regionOf(idOf(row), 'whs') === region);
        await saveWarehouses(
          tx,
          here(warehouses, ({ id }) => id),
        );
        const start = here(levels, ({ warehouseId }) => warehouseId).map((row) =>
          booking('RECEIVE', 'seed', null, { ...row, quantity: row.onHand }, null),
        );
        const past = here(sales, ({ warehouseId }) => warehouseId);
        await saveBookings(tx, [...start, ...past.flatMap(bookingsOf)]);
        await saveMovements(tx, [...new Set(past.map(({ orderId }) => orderId))]);
        if (start.length + past.length > 0) await closeCounters(tx, redis, region);
      }),
    ),
  );
}

function booking(
  kind: MovementKind,
  ref: string,
  orderId: string | null,
  { sku, ...unit }: { sku: string; warehouseId: string; quantity: number },
  at: string | null,
): Booking {
  return { kind, ref, orderId, at, ...ledgerLine(kind, sku, unit) };
}

function bookingsOf(sale: PastSaleRow): Booking[] {
  const { orderId, at } = sale;
  const sold = booking('SALE', orderId, orderId, sale, at);
  if (!sale.dispatched) return [sold];
  return [
    booking('RECEIVE', `seed:${orderId}`, null, sale, at),
    sold,
    booking('DISPATCH', orderId, orderId, sale, at),
  ];
}

async function saveWarehouses(tx: Sql, rows: readonly WarehouseRow[]): Promise<void> {
  await tx.query(
    'INSERT INTO warehouse (id, name, city) SELECT * FROM unnest($1::text[], $2::text[], $3::text[]) ON CONFLICT (id) DO NOTHING',
    [rows.map(({ id }) => id), rows.map(({ name }) => name), rows.map(({ city }) => city)],
  );
}

async function saveBookings(tx: Sql, rows: readonly Booking[]): Promise<void> {
  for (const chunk of chunks(rows)) {
    await tx.query(
      `INSERT INTO ledger (part, sku, warehouse_id, kind, ref, order_id, on_hand, sold, at)
       SELECT part, sku, warehouse_id, kind, ref, order_id, on_hand, sold, coalesce(at, now())
       FROM unnest($1::smallint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::int[], $8::int[], $9::timestamptz[])
         AS l(part, sku, warehouse_id, kind, ref, order_id, on_hand, sold, at)
       ON CONFLICT DO NOTHING`,
      [
        chunk.map(({ sku }) => partitionOf(sku)),
        chunk.map(({ sku }) => sku),
        chunk.map(({ warehouseId }) => warehouseId),
        chunk.map(({ kind }) => kind),
        chunk.map(({ ref }) => ref),
        chunk.map(({ orderId }) => orderId),
        chunk.map(({ onHand }) => onHand),
        chunk.map(({ sold }) => sold),
        chunk.map(({ at }) => at),
      ],
    );
  }
}

async function saveMovements(tx: Sql, orderIds: readonly string[]): Promise<void> {
  await tx.query(
    `INSERT INTO movement (ref, kind, state) SELECT unnest($1::text[]), 'SALE', 'DONE' ON CONFLICT DO NOTHING`,
    [orderIds],
  );
}

/**
 * Counters that are live already do not know what was booked: their partitions are closed, and restored at the next use
 * or start. The lock waits for a restore that runs, and keeps the next one waiting until the bookings are committed.
 */
async function closeCounters(tx: Sql, redis: Redis, region: Region): Promise<void> {
  await tx.query("SELECT pg_advisory_xact_lock(hashtext('inventory-rebuild'))");
  await Promise.all(partitionsOf(region).map((partition) => redis.del(metaKey(partition))));
}

function* chunks<T>(list: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < list.length; at += CHUNK) yield list.slice(at, at + CHUNK);
}
