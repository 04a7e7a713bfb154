import { findKey, type IdempotentCall, once } from '@aisle/platform/idempotency';
import { regionOf } from '@aisle/platform/ids';
import type { CrashPoint } from '@aisle/platform/saga';
import type { Database, Databases } from '@aisle/platform/stores';
import type { Order } from '../domain/order.ts';
import type { OrderSaga } from '../domain/saga/types.ts';
import { orderPlaced } from '../events/published.ts';
import type { CallAnswer, Orders, Page } from './index.ts';
import { ORDER_COLUMNS, type OrderRow, toOrder } from './rows.ts';
import { outboxRows, stepRow } from './saver.ts';
import { START, TAKE_BACK, TAKE_KEY } from './statements.ts';

export interface OrdersOptions {
  readonly databases: Pick<Databases, 'of'>;
  /** Saga columns of a row that belongs to this process's runner. */
  readonly insertParams: (id: string, saga: OrderSaga) => readonly unknown[];
  readonly crash: CrashPoint;
  /** Called after a commit that has something to tell. */
  readonly told: (database: Database, isPublished: boolean) => void;
}

/** The saga that takes an order back has the order's id with this behind it. */
export const TAKE_BACK_SUFFIX = '/cancel';

const FIND = `SELECT ${ORDER_COLUMNS} FROM orders o WHERE o.id = $1`;
const FIND_MANY = `SELECT ${ORDER_COLUMNS} FROM orders o WHERE o.id = ANY($1::text[])`;
const AFTER = '($2::timestamptz IS NULL OR (placed_at, id) < ($2::timestamptz, $3::text))';
const OF_USER = `SELECT ${ORDER_COLUMNS} FROM orders o WHERE user_id = $1 AND ${AFTER} ORDER BY placed_at DESC, id DESC LIMIT $4`;
const OF_USER_IN = `SELECT ${ORDER_COLUMNS} FROM orders o
  WHERE user_id = $1 AND ${AFTER} AND status = ANY($5::text[]) ORDER BY placed_at DESC, id DESC LIMIT $4`;
const OF_SELLER = `SELECT ${ORDER_COLUMNS} FROM (
    SELECT s.order_id, s.placed_at FROM seller_orders s JOIN orders x ON x.id = s.order_id
    WHERE s.seller_id = $1 AND ($2::timestamptz IS NULL OR (s.placed_at, s.order_id) < ($2::timestamptz, $3::text))
      AND (cardinality($5::text[]) = 0 OR x.status = ANY($5::text[]))
    ORDER BY s.placed_at DESC, s.order_id DESC LIMIT $4) page
  JOIN orders o ON o.id = page.order_id ORDER BY page.placed_at DESC, page.order_id DESC`;

/** How long a call's key is held before it is answered; these are answered in the statement that takes them. */
const CLAIM_MS = 60_000;

function keyParams(call: IdempotentCall, answer: CallAnswer): unknown[] {
  return [call.scope, call.key, call.inputHash, JSON.stringify(answer), CLAIM_MS];
}

function pageParams(owner: string, { first, after }: Page): unknown[] {
  return [owner, after ? new Date(after.at).toISOString() : null, after?.id ?? null, first + 1];
}

/** Rolls back what was begun of taking an order back, the key included. */
class NotTakenBack extends Error {
  readonly why: 'key-taken' | 'changed';
  constructor(why: NotTakenBack['why']) {
    super(why);
    this.why = why;
  }
}

/** Orders in the regional databases. */
export function createOrders({ databases, insertParams, crash, told }: OrdersOptions): Orders {
  const databaseOf = (id: string) => {
    const region = regionOf(id, 'ord');
    return region && databases.of(region);
  };
  return {
    findCall: (region, call) => findKey<CallAnswer>(databases.of(region), call),
    async start(order, saga, call) {
      const { content, version } = order;
      const database = databases.of(content.region);
      const placedAt = new Date(content.placedAt).toISOString();
      const parts = content.parts.map(({ sellerId, ...part }, position) => ({
        ...part,
        seller_id: sellerId,
        position,
      }));
      crash('start', 'before');
      const rows = await database.query(
        START,
        [
          ...keyParams(call, { orderId: content.id }),
          ...insertParams(content.id, saga),
          ...[
            content.id,
            content.userId,
            version,
            content.region,
            content.currency,
            content.cartId,
            content.quoteId,
          ],
          ...[JSON.stringify(content.lines), JSON.stringify(content.address)],
          ...[
            content.net,
            content.tax,
            content.delivery,
            content.discount,
            content.total,
            content.fee,
            placedAt,
            placedAt,
          ],
          JSON.stringify(parts),
          JSON.stringify([stepRow(content, 'PLACED', 'PENDING', content.placedAt, null)]),
          outboxRows([orderPlaced(order)]),
        ],
        'order-start',
      );
      crash('start', 'after');
      if (rows.length > 0) told(database, true);
      return rows.length > 0;
    },
    async takeBack(order, cause, saga, call) {
      const { id } = order.content;
      const database = databaseOf(id)!;
      const now = Date.now();
      const detail = cause.kind === 'cancelled' ? cause.reason : null;
      try {
        await database.transaction(async (tx) => {
          const taken = await tx.query(TAKE_KEY, keyParams(call, { orderId: id }));
          if (taken.length === 0) throw new NotTakenBack('key-taken');
          const rows = await tx.query(TAKE_BACK, [
            ...insertParams(`${id}${TAKE_BACK_SUFFIX}`, saga),
            ...[id, order.version, JSON.stringify(cause), new Date(now).toISOString()],
            JSON.stringify([stepRow(order.content, 'CANCEL_REQUESTED', 'CANCELLING', now, detail)]),
          ]);
          if (rows.length === 0) throw new NotTakenBack('changed');
        });
      } catch (error) {
        if (error instanceof NotTakenBack) return error.why;
        throw error;
      }
      told(database, false);
      return 'taken-back';
    },
    async remember(region, call, answer) {
      const outcome = await once(databases.of(region), call, async () => answer);
      return outcome.kind === 'reused-with-other-input' ? 'reused' : 'remembered';
    },
    async find(id) {
      const [row] = (await databaseOf(id)?.query<OrderRow>(FIND, [id], 'order-find')) ?? [];
      return row && toOrder(row);
    },
    async findMany(ids) {
      const byDatabase = Map.groupBy(ids, databaseOf);
      const found = new Map<string, Order>();
      const read = async ([database, some]: [Database | undefined, string[]]) => {
        for (const row of (await database?.query<OrderRow>(FIND_MANY, [some], 'order-find-many')) ?? []) {
          found.set(row.id, toOrder(row));
        }
      };
      await Promise.all([...byDatabase].map(read));
      return found;
    },
    async ofUser(region, userId, page) {
      const database = databases.of(region);
      const params = pageParams(userId, page);
      const rows =
        page.statuses.length === 0
          ? await database.query<OrderRow>(OF_USER, params, 'orders-of-user')
          : await database.query<OrderRow>(OF_USER_IN, [...params, page.statuses], 'orders-of-user-in');
      return rows.map(toOrder);
    },
    async ofSeller(region, sellerId, page) {
      const params = [...pageParams(sellerId, page), page.statuses];
      return (await databases.of(region).query<OrderRow>(OF_SELLER, params, 'orders-of-seller')).map(toOrder);
    },
  };
}
