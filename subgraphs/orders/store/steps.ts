import type { Region } from '@aisle/platform/identity';
import type { Sql } from '@aisle/platform/stores';
import type { OrderFact, OrderStatus } from '../domain/order.ts';
import { encodeCursor, MAX_SEQ, type Position } from './cursor.ts';
import type { Step } from './index.ts';

interface StepRow extends Record<string, unknown> {
  readonly xact: string;
  readonly seq: bigint;
  readonly order_id: string;
  readonly user_id: string;
  readonly step: OrderFact['type'] | 'PLACED';
  readonly status: OrderStatus;
  readonly detail: string | null;
  readonly at: Date;
  readonly is_safe: boolean;
}

/** A step with its place in the stream. */
export interface PlacedStep extends Position {
  readonly step: Step;
}

/** Rows of transactions older than the oldest running one: nothing can be committed before them any more. */
const IS_SAFE = 'xact < pg_snapshot_xmin(pg_current_snapshot())';
const COLUMNS = `xact::text AS xact, seq, order_id, user_id, step, status, detail, at`;
// With the table's name: a bare `xact` would be the text of the answer, in which 10000 comes before 9999.
const IN_ORDER = 'ORDER BY order_progress.xact, order_progress.seq';
const BEHIND = '(xact, seq) > ($1::text::xid8, $2::bigint)';

const OF_ORDERS = `SELECT ${COLUMNS}, true AS is_safe FROM order_progress WHERE order_id = ANY($1::text[]) ${IN_ORDER} LIMIT $2`;
const TAIL = `SELECT ${COLUMNS}, ${IS_SAFE} AS is_safe FROM order_progress WHERE ${BEHIND} ${IN_ORDER} LIMIT $3`;
const UP_TO = '(xact, seq) <= ($3::text::xid8, $4::bigint)';
const OF_USER = `SELECT ${COLUMNS}, true AS is_safe FROM order_progress
  WHERE ${BEHIND} AND ${UP_TO} AND user_id = $5 ${IN_ORDER} LIMIT $6`;
const OF_ORDER = `SELECT ${COLUMNS}, true AS is_safe FROM order_progress
  WHERE ${BEHIND} AND ${UP_TO} AND user_id = $5 AND order_id = $7 ${IN_ORDER} LIMIT $6`;

/** Steps of one order are a dozen; this is a bound, not a page. */
const MAX_STEPS = 5_000;

function placed(region: Region, row: StepRow): PlacedStep {
  const position = { xact: BigInt(row.xact), seq: row.seq };
  const { order_id: orderId, user_id: userId, step, status, detail } = row;
  const cursor = encodeCursor(region, position);
  return {
    ...position,
    step: { cursor, orderId, userId, region, step, status, detail, at: row.at.getTime() },
  };
}

/** Everything before it is settled: committed and visible, or gone. */
export async function horizon(database: Sql): Promise<Position> {
  const [row] = await database.query<{ xmin: string }>(
    'SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS xmin',
  );
  return { xact: BigInt(row!.xmin) - 1n, seq: MAX_SEQ };
}

export async function stepsOfOrders(database: Sql, region: Region, ids: readonly string[]): Promise<Step[]> {
  const rows = await database.query<StepRow>(OF_ORDERS, [ids, MAX_STEPS], 'progress-of-orders');
  return rows.map((row) => placed(region, row).step);
}

/** The next settled steps of the whole region. `isHeldUp`: there are more, behind a transaction that is still running. */
export async function tail(database: Sql, region: Region, after: Position, limit: number) {
  const params = [after.xact.toString(), after.seq.toString(), limit];
  const rows = await database.query<StepRow>(TAIL, params, 'progress-tail');
  const end = rows.findIndex((row) => !row.is_safe);
  const safe = end < 0 ? rows : rows.slice(0, end);
  return { steps: safe.map((row) => placed(region, row)), isHeldUp: end >= 0, isFull: rows.length === limit };
}

/** Steps of one user, or one of their orders, after `after` and up to `until`. */
export async function between(
  database: Sql,
  region: Region,
  range: {
    readonly after: Position;
    readonly until: Position;
    readonly userId: string;
    readonly orderId: string | undefined;
  },
  limit: number,
): Promise<PlacedStep[]> {
  const { after, until, userId, orderId } = range;
  const bounds = [after, until].flatMap(({ xact, seq }) => [xact.toString(), seq.toString()]);
  const params = [...bounds, userId, limit];
  const rows = orderId
    ? await database.query<StepRow>(OF_ORDER, [...params, orderId], 'progress-of-order')
    : await database.query<StepRow>(OF_USER, params, 'progress-of-user');
  return rows.map((row) => placed(region, row));
}
