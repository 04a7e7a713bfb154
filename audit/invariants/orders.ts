import { type Invariant, inEveryRegion } from '../invariant.ts';

const LINES = `SELECT o.id AS order_id, o.status, line->>'sku' AS sku, sum((line->>'quantity')::int) AS quantity
  FROM orders.orders o, jsonb_array_elements(o.lines) AS line GROUP BY 1, 2, 3`;
const BOOKED = `SELECT order_id, sku, sum(CASE kind WHEN 'SALE' THEN 1 ELSE 0 END * abs(sold)) AS sold,
    sum(CASE kind WHEN 'RESTOCK' THEN abs(sold) ELSE 0 END) AS restocked
  FROM inventory.ledger WHERE order_id IS NOT NULL GROUP BY 1, 2`;

/** 2: a confirmed order's goods are booked once, a cancelled one's not at all. */
export const sales: Invariant = {
  id: '2',
  title: 'sales: each line of a confirmed order is sold exactly once, of a cancelled one not at all',
  check: (stores) =>
    inEveryRegion(stores, [
      {
        count: 'SELECT count(*) AS looked FROM orders.orders',
        violations: `SELECT l.order_id || ' (' || l.status || ') wants ' || l.quantity || ' of ' || l.sku || ', booked ' || coalesce(b.sold - b.restocked, 0) AS violation
          FROM (${LINES}) l LEFT JOIN (${BOOKED}) b USING (order_id, sku)
          WHERE (l.status IN ('CONFIRMED', 'COMPLETED') AND coalesce(b.sold - b.restocked, 0) <> l.quantity)
             OR (l.status = 'CANCELLED' AND coalesce(b.sold - b.restocked, 0) <> 0)`,
      },
      {
        count: 'SELECT count(*) AS looked FROM inventory.ledger WHERE order_id IS NOT NULL',
        violations: `SELECT 'a sale of ' || b.sku || ' is booked for ' || b.order_id || ', which has no such line' AS violation
          FROM (${BOOKED}) b LEFT JOIN (${LINES}) l USING (order_id, sku) WHERE l.order_id IS NULL AND b.sold <> b.restocked`,
      },
    ]),
};

/** 4: every cent is accounted for. */
export const sums: Invariant = {
  id: '4',
  title: 'sums: net + tax + delivery − discount = total = captured = seller shares + fee, in integers',
  check: (stores) =>
    inEveryRegion(stores, [
      {
        count: 'SELECT count(*) AS looked FROM orders.orders',
        violations: `SELECT o.id || ': total ' || o.total || ', parts ' || o.net + o.tax + o.delivery - o.discount || ', lines ' || coalesce(l.gross, 0) || ', shares + fee ' || coalesce(s.share, 0) + o.fee AS violation
          FROM orders.orders o
          LEFT JOIN (SELECT o.id, sum((line->>'gross')::bigint) AS gross FROM orders.orders o, jsonb_array_elements(o.lines) AS line GROUP BY 1) l USING (id)
          LEFT JOIN (SELECT order_id AS id, sum(share) AS share FROM orders.seller_orders GROUP BY 1) s USING (id)
          WHERE o.net + o.tax + o.delivery - o.discount <> o.total OR coalesce(l.gross, 0) <> o.net + o.tax OR coalesce(s.share, 0) + o.fee <> o.total`,
      },
      {
        count: 'SELECT 0 AS looked',
        violations: `SELECT o.id || ' costs ' || o.total || ', captured ' || p.captured AS violation
          FROM orders.orders o JOIN payments.payments p ON p.order_id = o.id
          WHERE o.status IN ('CONFIRMED', 'COMPLETED') AND (p.captured <> o.total OR p.currency <> o.currency)`,
      },
    ]),
};

/** 5: no order hangs. */
export const sagas: Invariant = {
  id: '5',
  title: 'sagas: every checkout ends by its deadline',
  check: (stores) =>
    inEveryRegion(stores, [
      {
        count: 'SELECT count(*) AS looked FROM orders.saga',
        violations: `SELECT id || ' is still at ' || step || ' after its deadline: ' || coalesce(last_error, 'no error') AS violation
          FROM orders.saga WHERE finished_at IS NULL AND deadline < now() - interval '30 s'`,
      },
      {
        count: 'SELECT 0 AS looked',
        violations: `SELECT o.id || ' is ' || o.status || ' and no saga is at work on it' AS violation FROM orders.orders o
          WHERE o.status IN ('PENDING', 'AWAITING_PAYMENT', 'CANCELLING')
            AND NOT EXISTS (SELECT 1 FROM orders.saga s WHERE s.id LIKE o.id || '%' AND s.finished_at IS NULL)`,
      },
    ]),
};

/** 8: a key is one order. */
export const idempotency: Invariant = {
  id: '8',
  title: 'idempotency: one key is one order, one order has one key',
  check: (stores) =>
    inEveryRegion(stores, [
      {
        count: 'SELECT count(*) AS looked FROM orders.idempotency',
        violations: `SELECT 'keys ' || string_agg(key, ', ') || ' of ' || scope || ' all stand for ' || (answer::text) AS violation
          FROM orders.idempotency WHERE scope LIKE 'placeOrder%' AND answer IS NOT NULL GROUP BY scope, answer HAVING count(*) > 1`,
      },
      {
        count: 'SELECT 0 AS looked',
        violations: `SELECT 'the key ' || k.key || ' of ' || k.scope || ' stands for ' || (k.answer->>'orderId') || ', which is not theirs or does not exist' AS violation
          FROM orders.idempotency k LEFT JOIN orders.orders o ON o.id = k.answer->>'orderId'
          WHERE k.scope LIKE 'placeOrder:%' AND k.answer IS NOT NULL AND o.user_id IS DISTINCT FROM split_part(k.scope, ':', 2)`,
      },
      {
        count: 'SELECT 0 AS looked',
        violations: `SELECT 'the quote ' || quote_id || ' was bought ' || count(*) || ' times' AS violation
          FROM orders.orders WHERE status IN ('CONFIRMED', 'COMPLETED') GROUP BY quote_id HAVING count(*) > 1`,
      },
    ]),
};

/** 9: what is read is what happened. */
export const replay: Invariant = {
  id: '9',
  title: 'replay: the last step told of each order is the order’s status, and no step is missing',
  check: (stores) =>
    inEveryRegion(stores, [
      {
        count: 'SELECT count(*) AS looked FROM orders.order_progress',
        violations: `SELECT o.id || ' is ' || o.status || ', the last step told says ' || coalesce(p.status, 'nothing') AS violation FROM orders.orders o
          LEFT JOIN LATERAL (SELECT status FROM orders.order_progress p WHERE p.order_id = o.id ORDER BY xact DESC, seq DESC LIMIT 1) p ON true
          WHERE p.status IS DISTINCT FROM o.status`,
      },
      {
        count: 'SELECT 0 AS looked',
        violations: `SELECT o.id || ' has had ' || o.version || ' changes, ' || coalesce(p.steps, 0) || ' steps were told' AS violation FROM orders.orders o
          LEFT JOIN (SELECT order_id, count(*) AS steps FROM orders.order_progress GROUP BY 1) p ON p.order_id = o.id
          WHERE coalesce(p.steps, 0) <> o.version`,
      },
    ]),
};

/** A line as a quote stores it, by position, and as an order does. */
const QUOTED = ['0', '1', '2', '3', '4', '5', '6'];
const BOUGHT = ["'sku'", "'quantity'", "'unitPrice'", "'net'", "'tax'", "'taxBps'", "'gross'"];

/** What is bought at what price, in an order that does not depend on how it is stored. */
const linesOf = (lines: string, fields: readonly string[]) =>
  `SELECT string_agg(concat_ws(' ', ${fields.map((field) => `line->>${field}`).join(', ')}), ', ' ORDER BY line->>${fields[0]})
   FROM jsonb_array_elements(${lines}) AS line`;

/** 12: what was shown is what was charged. */
export const prices: Invariant = {
  id: '12',
  title: 'prices: every order is charged what its locked quote said, line by line',
  check: (stores) =>
    inEveryRegion(stores, [
      {
        count: 'SELECT count(*) AS looked FROM orders.orders o JOIN pricing.quotes q ON q.id = o.quote_id',
        violations: `SELECT o.id || ' costs ' || o.total || ', its quote ' || q.id || ' says ' || q.total AS violation
          FROM orders.orders o JOIN pricing.quotes q ON q.id = o.quote_id
          WHERE q.total <> o.total OR q.net <> o.net OR q.tax <> o.tax OR (${linesOf('q.lines', QUOTED)}) IS DISTINCT FROM (${linesOf('o.lines', BOUGHT)})`,
      },
      {
        count: 'SELECT 0 AS looked',
        violations: `SELECT o.id || ' was placed on the quote ' || o.quote_id || ', which does not exist' AS violation
          FROM orders.orders o JOIN orders.saga s ON s.id = o.id LEFT JOIN pricing.quotes q ON q.id = o.quote_id
          WHERE q.id IS NULL AND o.status IN ('CONFIRMED', 'COMPLETED')`,
      },
    ]),
};
