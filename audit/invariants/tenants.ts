import type { Finding, Invariant } from '../invariant.ts';

/** Tables that hold what people own, with the columns that carry an id with its region. */
const OWNED: readonly (readonly [table: string, column: string])[] = [
  ['orders.orders', 'id'],
  ['orders.orders', 'user_id'],
  ['orders.order_progress', 'user_id'],
  ['payments.payments', 'order_id'],
  ['payments.payments', 'user_id'],
  ['payments.payment_methods', 'user_id'],
  ['pricing.quotes', 'id'],
  ['payments.refunds', 'order_id'],
  ['cart.cart', 'id'],
  ['cart.cart', 'owner'],
  ['inventory.ledger', 'warehouse_id'],
  ['identity.users', 'id'],
  ['identity.addresses', 'id'],
  ['identity.addresses', 'user_id'],
  ['identity.sessions', 'id'],
  ['identity.sessions', 'subject'],
  ['orders.seller_orders', 'order_id'],
];

/** 10: nobody's data lies in another region, and an order's payment is its buyer's. */
export const tenants: Invariant = {
  id: '10',
  title: 'tenants: every record lies in the region its id names, every payment belongs to the order’s buyer',
  async check(stores): Promise<Finding> {
    const violations: string[] = [];
    let looked = 0;
    for (const region of stores.regions) {
      for (const [table, column] of OWNED) {
        const [row] = await stores.sql(
          region,
          `SELECT count(*) AS all, count(*) FILTER (WHERE split_part(${column}, '_', 2) <> $1) AS strays FROM ${table}`,
          [region],
        );
        looked += Number(row?.all);
        if (Number(row?.strays) > 0)
          violations.push(`${region}: ${row?.strays} rows of ${table} have a ${column} of another region`);
      }
      const foreign = await stores.sql(
        region,
        `SELECT o.id FROM orders.orders o JOIN payments.payments p ON p.order_id = o.id WHERE p.user_id <> o.user_id LIMIT 20`,
      );
      for (const row of foreign) violations.push(`${region}: the payment of ${row.id} is another person's`);
    }
    return { looked, violations };
  },
};
