import { type Finding, type Invariant, inEveryRegion } from '../invariant.ts';
import type { Stores } from '../stores.ts';

/** Longest an event may wait in an outbox while the relay runs, milliseconds. */
const LATE_MS = 60_000;

/** Events that no relay has sent for too long, of every context that has an outbox. */
async function unsent(stores: Stores): Promise<string[]> {
  const found: string[] = [];
  for (const region of [...stores.regions, 'global'] as const) {
    const tables = await stores.sql(
      region,
      `SELECT table_schema AS context FROM information_schema.tables WHERE table_name = 'outbox' ORDER BY 1`,
    );
    for (const { context } of tables) {
      const late = await stores.sql(
        region,
        `SELECT type, subject FROM ${context}.outbox WHERE sent_at IS NULL AND created_at < now() - interval '${LATE_MS} ms' LIMIT 20`,
      );
      for (const { type, subject } of late)
        found.push(
          `${region}: ${context} has not sent ${type} of ${subject} for more than ${LATE_MS / 1_000} s`,
        );
    }
  }
  for await (const { event, sentAt, createdAt } of stores.documents('outbox'))
    if (sentAt === null && createdAt < Date.now() - LATE_MS)
      found.push(
        `catalogue has not sent ${event?.type} of ${event?.subject} for more than ${LATE_MS / 1_000} s`,
      );
  return found;
}

/** 6: state changed if and only if its event is stored, and it is sent once. */
export const outbox: Invariant = {
  id: '6',
  title:
    'outbox: every order’s and payment’s facts are in the outbox with it, once, and every context’s events are sent',
  async check(stores): Promise<Finding> {
    const events = (type: string) =>
      `EXISTS (SELECT 1 FROM orders.outbox e WHERE e.subject = o.id AND e.type = '${type}')`;
    const told = (type: string) =>
      `EXISTS (SELECT 1 FROM payments.outbox e WHERE e.subject = p.id AND e.type = '${type}')`;
    const found = await inEveryRegion(stores, [
      {
        count: 'SELECT count(*) AS looked FROM orders.outbox',
        violations: `SELECT o.id || ' is ' || o.status || ' without its event' AS violation FROM orders.orders o
          WHERE EXISTS (SELECT 1 FROM orders.saga s WHERE s.id = o.id)
            AND (NOT ${events('OrderPlaced.v1')} OR (o.status IN ('CONFIRMED', 'COMPLETED') AND NOT ${events('OrderConfirmed.v1')})
              OR (o.status = 'CANCELLED' AND NOT ${events('OrderCancelled.v1')}))`,
      },
      {
        count: 'SELECT 0 AS looked',
        violations: `SELECT e.type || ' of ' || e.subject || ', which does not exist or is ' || coalesce(o.status, 'missing') AS violation
          FROM orders.outbox e LEFT JOIN orders.orders o ON o.id = e.subject
          WHERE o.id IS NULL OR (e.type = 'OrderConfirmed.v1' AND o.status IN ('PENDING', 'AWAITING_PAYMENT'))`,
      },
      {
        count: 'SELECT 0 AS looked',
        violations: `SELECT type || ' of ' || subject || ' was stored ' || count(*) || ' times' AS violation
          FROM orders.outbox GROUP BY type, subject HAVING count(*) > 1`,
      },
      {
        count: 'SELECT count(*) AS looked FROM payments.outbox',
        violations: `SELECT 'the payment of ' || p.order_id || ' is ' || p.state || ', captured ' || p.captured || ', refunded ' || p.refunded || ', without its event' AS violation
          FROM payments.payments p WHERE (p.captured > 0 AND NOT ${told('PaymentCompleted.v1')})
            OR (p.refunded > 0 AND NOT ${told('RefundIssued.v1')}) OR (p.state = 'declined' AND NOT ${told('PaymentFailed.v1')})`,
      },
      {
        count: 'SELECT 0 AS looked',
        violations: `SELECT e.type || ' of ' || e.subject || ', which has nothing ' || CASE e.type WHEN 'RefundIssued.v1' THEN 'refunded' ELSE 'captured' END AS violation
          FROM payments.outbox e LEFT JOIN payments.payments p ON p.id = e.subject
          WHERE (e.type = 'PaymentCompleted.v1' AND coalesce(p.captured, 0) = 0) OR (e.type = 'RefundIssued.v1' AND coalesce(p.refunded, 0) = 0)`,
      },
      {
        count: 'SELECT 0 AS looked',
        violations: `SELECT type || ' of ' || subject || ' was stored ' || count(*) || ' times' AS violation
          FROM payments.outbox WHERE type = 'PaymentCompleted.v1' GROUP BY type, subject HAVING count(*) > 1`,
      },
    ]);
    return { looked: found.looked, violations: [...found.violations, ...(await unsent(stores))] };
  },
};

/** 7: what consumers learnt is not older than what they were told last. */
export const versions: Invariant = {
  id: '7',
  title: 'versions: pricing and inventory know the seller that the catalogue has for every variant',
  async check(stores): Promise<Finding> {
    const violations: string[] = [];
    const sellers = new Map<string, string>();
    for await (const { sellerId, variants } of stores.documents('products'))
      for (const { sku } of variants) sellers.set(sku, sellerId);
    const known = [
      ['pricing', 'SELECT sku, seller_id FROM pricing.variant_sellers'],
      ['inventory', 'SELECT sku, seller_id FROM inventory.sku_owner'],
    ] as const;
    for (const [context, text] of known) {
      const learnt = new Map((await stores.sql('global', text)).map((row) => [row.sku, row.seller_id]));
      for (const [sku, seller] of sellers) {
        if (learnt.get(sku) !== seller)
          violations.push(`${sku} is ${seller}'s, ${context} knows ${learnt.get(sku) ?? 'nobody'}`);
      }
    }
    return { looked: sellers.size, violations };
  },
};
