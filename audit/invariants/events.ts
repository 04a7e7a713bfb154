import { type Finding, type Invariant, inEveryRegion } from '../invariant.ts';

/** Longest an event may wait in an outbox while the relay runs. */
const LATE = '60 s';
const OUTBOXES = ['identity', 'inventory', 'cart', 'orders', 'payments'] as const;

/** 6: state changed if and only if its event is stored, and it is sent once. */
export const outbox: Invariant = {
  id: '6',
  title: 'outbox: every order’s facts are in the outbox with it, sent, and handled once per consumer',
  async check(stores): Promise<Finding> {
    const events = (type: string) =>
      `EXISTS (SELECT 1 FROM orders.outbox e WHERE e.subject = o.id AND e.type = '${type}')`;
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
    ]);
    const violations = [...found.violations];
    for (const region of stores.regions) {
      for (const context of OUTBOXES) {
        const [table] = await stores.sql(region, 'SELECT to_regclass($1) AS name', [`${context}.outbox`]);
        if (!table?.name) continue;
        const late = await stores.sql(
          region,
          `SELECT type, subject FROM ${context}.outbox WHERE sent_at IS NULL AND created_at < now() - interval '${LATE}' LIMIT 20`,
        );
        for (const row of late)
          violations.push(
            `${region}: ${context} has not sent ${row.type} of ${row.subject} for more than ${LATE}`,
          );
      }
    }
    return { looked: found.looked, violations };
  },
};

/** 7: what consumers learnt is not older than what they were told last. */
export const versions: Invariant = {
  id: '7',
  title: 'versions: pricing and inventory know the same seller of every variant',
  async check(stores): Promise<Finding> {
    const pricing = await stores.sql('global', 'SELECT sku, seller_id FROM pricing.variant_sellers');
    const inventory = new Map(
      (await stores.sql('global', 'SELECT sku, seller_id FROM inventory.sku_owner')).map((row) => [
        row.sku,
        row.seller_id,
      ]),
    );
    const violations = pricing
      .filter(({ sku, seller_id }) => inventory.has(sku) && inventory.get(sku) !== seller_id)
      .map(
        ({ sku, seller_id }) => `${sku} is ${seller_id}'s for pricing, ${inventory.get(sku)}'s for inventory`,
      );
    return { looked: pricing.length, violations };
  },
};
