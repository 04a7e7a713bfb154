import type { Region } from '@aisle/platform/identity';
import { currencyOf } from '@aisle/platform/money';
import type { Platform } from '@aisle/platform/service';
import type { Database } from '@aisle/platform/stores';
import type {
  Address,
  Cause,
  Order,
  OrderContent,
  OrderFact,
  OrderLine,
  OrderStatus,
} from '../domain/order.ts';
import { splitBySeller } from '../domain/split.ts';
import { orderCancelled, orderConfirmed, orderPlaced } from '../events/published.ts';
import { outboxRows, stepRow } from './saver.ts';

/** An order of the past. Amounts are integer minor units of the region's currency; totals and split are worked out. */
export interface SeedOrder {
  /** `ord_<region>_…`. */
  readonly id: string;
  readonly userId: string;
  readonly region: Region;
  readonly status: 'COMPLETED' | 'CONFIRMED' | 'CANCELLED';
  readonly lines: readonly OrderLine[];
  readonly delivery: number;
  readonly discount: number;
  readonly address: Address;
  /** Fee of each of its sellers, basis points. */
  readonly feeBps: Readonly<Record<string, number>>;
  /** Epoch milliseconds. */
  readonly placedAt: number;
  /** `quo_<region>_…`, if the quote is seeded too. */
  readonly quoteId?: string;
}

const BATCH = 500;
const DAY_MS = 86_400_000;

type SeedStep = readonly [step: OrderFact['type'] | 'PLACED', status: OrderStatus, afterMs: number];

const BOUGHT: readonly SeedStep[] = [
  ['PLACED', 'PENDING', 0],
  ['QUOTE_LOCKED', 'PENDING', 20],
  ['STOCK_RESERVED', 'PENDING', 25],
  ['PAYMENT_AUTHORISED', 'PENDING', 400],
  ['PAYMENT_CAPTURED', 'PENDING', 600],
  ['STOCK_CONFIRMED', 'PENDING', 620],
  ['CONFIRMED', 'CONFIRMED', 621],
];
const STEPS: Record<SeedOrder['status'], readonly SeedStep[]> = {
  CONFIRMED: BOUGHT,
  COMPLETED: [...BOUGHT, ['COMPLETED', 'COMPLETED', 2 * DAY_MS]],
  CANCELLED: [
    ...BOUGHT,
    ['CANCEL_REQUESTED', 'CANCELLING', 3_600_000],
    ['PAYMENT_RETURNED', 'CANCELLING', 3_600_400],
    ['STOCK_RETURNED', 'CANCELLING', 3_600_420],
    ['CANCELLED', 'CANCELLED', 3_600_421],
  ],
};
const CANCELLED: Cause = { kind: 'cancelled', reason: 'Changed my mind' };

/** The order with its split, as it would have been stored. @throws RangeError when its amounts do not add up */
export function seededOrder(seed: SeedOrder): Order {
  const { lines, delivery, discount, region, placedAt } = seed;
  const net = lines.reduce((sum, line) => sum + line.net, 0);
  const tax = lines.reduce((sum, line) => sum + line.tax, 0);
  const totals = { net, tax, delivery, discount, total: net + tax + delivery - discount };
  const currency = currencyOf(region);
  const split = splitBySeller(currency, lines, totals, new Map(Object.entries(seed.feeBps)));
  const steps = STEPS[seed.status];
  const content: OrderContent = {
    ...{ ...totals, ...split, currency, region, lines, placedAt },
    id: seed.id,
    userId: seed.userId,
    address: seed.address,
    cartId: seed.id.replace('ord_', 'crt_'),
    quoteId: seed.quoteId ?? seed.id.replace('ord_', 'quo_'),
  };
  const state =
    seed.status === 'CANCELLED' ? { status: seed.status, cause: CANCELLED } : { status: seed.status };
  return { content, state, version: steps.length, updatedAt: placedAt + steps.at(-1)![2] };
}

/** Puts orders with their split, steps and events into the regions' databases; those that are there stay as they are. */
export async function seed(platform: Platform, rows: readonly SeedOrder[]): Promise<void> {
  const databases = platform.databases();
  const load = async ([region, orders]: [Region, SeedOrder[]]) => {
    for (let i = 0; i < orders.length; i += BATCH) {
      await insert(databases.of(region), orders.slice(i, i + BATCH));
    }
  };
  await Promise.all([...Map.groupBy(rows, ({ region }) => region)].map(load));
}

/** One statement a batch. The events count as sent: what happened long ago is not announced again. */
const INSERT = `WITH ordered AS (INSERT INTO orders (id, user_id, status, version, cause, region, currency, cart_id, quote_id, lines, address,
      net, tax, delivery, discount, total, fee, placed_at, updated_at)
    SELECT * FROM jsonb_to_recordset($1::jsonb) AS o (id text, user_id text, status text, version int, cause jsonb, region text, currency text,
      cart_id text, quote_id text, lines jsonb, address jsonb, net bigint, tax bigint, delivery bigint, discount bigint, total bigint, fee bigint,
      placed_at timestamptz, updated_at timestamptz)
    ON CONFLICT (id) DO NOTHING RETURNING id),
  parted AS (INSERT INTO seller_orders (order_id, position, seller_id, net, tax, discount, fee, share, placed_at)
    SELECT p.* FROM jsonb_to_recordset($2::jsonb) AS p (order_id text, position int, seller_id text, net bigint, tax bigint, discount bigint,
      fee bigint, share bigint, placed_at timestamptz) JOIN ordered ON ordered.id = p.order_id),
  told AS (INSERT INTO order_progress (order_id, user_id, step, status, detail, at)
    SELECT s.* FROM jsonb_to_recordset($3::jsonb) AS s (order_id text, user_id text, step text, status text, detail text, at timestamptz)
      JOIN ordered ON ordered.id = s.order_id ORDER BY s.at)
  INSERT INTO outbox (id, type, subject, version, event, sent_at)
    SELECT e.*, now() FROM jsonb_to_recordset($4::jsonb) AS e (id text, type text, subject text, version int, event text)
      JOIN ordered ON ordered.id = e.subject`;

async function insert(database: Database, rows: readonly SeedOrder[]): Promise<void> {
  const orders = rows.map((row) => ({ row, order: seededOrder(row) }));
  await database.query(INSERT, [
    JSON.stringify(orders.map(({ order }) => orderRow(order))),
    JSON.stringify(orders.flatMap(({ order }) => partRows(order.content))),
    JSON.stringify(orders.flatMap(({ row, order }) => stepRows(row, order))),
    outboxRows(orders.flatMap(({ row, order }) => events(row, order))),
  ]);
}

function orderRow({ content, state, version, updatedAt }: Order) {
  const { userId, cartId, quoteId, placedAt, parts: _, ...rest } = content;
  const cause = 'cause' in state ? state.cause : null;
  const ids = { user_id: userId, cart_id: cartId, quote_id: quoteId };
  return {
    ...rest,
    ...ids,
    ...times(placedAt),
    status: state.status,
    cause,
    version,
    updated_at: new Date(updatedAt),
  };
}

function partRows({ id, parts, placedAt }: OrderContent) {
  return parts.map(({ sellerId, ...amounts }, position) => ({
    ...{ ...amounts, ...times(placedAt) },
    ...{ order_id: id, position, seller_id: sellerId },
  }));
}

const times = (placedAt: number) => ({ placed_at: new Date(placedAt) });

function stepRows({ status }: SeedOrder, { content }: Order) {
  return STEPS[status].map(([step, then, afterMs]) =>
    stepRow(content, step, then, content.placedAt + afterMs, null),
  );
}

function events({ status }: SeedOrder, order: Order) {
  const { content } = order;
  const saga = { ...content, lines: content.lines.map(({ sku, quantity }) => ({ sku, quantity })) };
  const told = [
    orderPlaced({ ...order, version: 1 }),
    orderConfirmed(saga, BOUGHT.length, content.placedAt + 621),
  ];
  if (status !== 'CANCELLED') return told;
  return [...told, orderCancelled(saga, order.version, order.updatedAt, CANCELLED)];
}
