import type Stripe from 'stripe';
import { type Finding, type Invariant, inEveryRegion } from '../invariant.ts';
import type { Stores } from '../stores.ts';

/** Every payment intent of the provider by the order it names. Bounded: the newest million. */
async function intentsByOrder({ provider }: Stores): Promise<Map<string, Stripe.PaymentIntent[]>> {
  const found = new Map<string, Stripe.PaymentIntent[]>();
  let after: string | undefined;
  for (let page = 0; page < 10_000; page++) {
    const list = await provider.paymentIntents.list({ limit: 100, ...(after && { starting_after: after }) });
    for (const intent of list.data) {
      const order = intent.metadata.order_id;
      if (order) found.set(order, [...(found.get(order) ?? []), intent]);
    }
    after = list.data.at(-1)?.id;
    if (!list.has_more) break;
  }
  return found;
}

async function refundedOf({ provider }: Stores, intent: string): Promise<number> {
  const { data } = await provider.refunds.list({ payment_intent: intent, limit: 100 });
  return data.filter(({ status }) => status === 'succeeded').reduce((total, { amount }) => total + amount, 0);
}

/** 3: a confirmed order is paid exactly once, a cancelled one costs nothing, at the provider too. */
export const captures: Invariant = {
  id: '3',
  title:
    'captures: confirmed ⇔ exactly one capture; cancelled ⇒ captured − refunded = 0, in our books and at the provider',
  async check(stores): Promise<Finding> {
    const ours = await inEveryRegion(stores, [
      {
        count: 'SELECT count(*) AS looked FROM orders.orders',
        violations: `SELECT o.id || ' is ' || o.status || ', its payment is ' || coalesce(p.state, 'missing') || ', captured ' || coalesce(p.captured, 0) || ', refunded ' || coalesce(p.refunded, 0) AS violation
          FROM orders.orders o LEFT JOIN payments.payments p ON p.order_id = o.id
          WHERE (o.status IN ('CONFIRMED', 'COMPLETED') AND (p.captured IS NULL OR p.captured <> o.total))
             OR (o.status = 'CANCELLED' AND coalesce(p.captured - p.refunded, 0) <> 0)
             OR (o.status = 'CANCELLED' AND p.state IN ('authorised', 'authorising', 'action-required', 'capturing', 'voiding'))`,
      },
      {
        count: 'SELECT 0 AS looked',
        violations: `SELECT 'a payment of ' || p.order_id || ' captured ' || p.captured || ', the order does not exist' AS violation
          FROM payments.payments p LEFT JOIN orders.orders o ON o.id = p.order_id WHERE o.id IS NULL AND p.captured > p.refunded`,
      },
    ]);
    const violations = [...ours.violations];
    const intents = await intentsByOrder(stores);
    const orders = new Map<string, { status: string; total: number }>();
    for (const region of stores.regions) {
      for (const row of await stores.sql(region, 'SELECT id, status, total FROM orders.orders')) {
        orders.set(row.id, { status: row.status, total: Number(row.total) });
      }
    }
    for (const [id, { status, total }] of orders) {
      if ((status === 'CONFIRMED' || status === 'COMPLETED') && total > 0 && !intents.has(id))
        violations.push(`provider: ${id} costs ${total}, the provider knows of no payment`);
    }
    for (const [id, list] of intents) {
      const order = orders.get(id);
      const captured = list.filter(({ amount_received }) => amount_received > 0);
      const held = list.filter(({ status }) => status === 'requires_capture');
      if (captured.length > 1) violations.push(`provider: ${id} was captured ${captured.length} times`);
      const kept = await Promise.all(
        captured.map(async (intent) => intent.amount_received - (await refundedOf(stores, intent.id))),
      );
      const money = kept.reduce((a, b) => a + b, 0);
      if (!order && (money > 0 || held.length > 0))
        violations.push(`provider: ${id} holds money of an order that does not exist`);
      if (order?.status === 'CANCELLED' && (money !== 0 || held.length > 0))
        violations.push(`provider: ${id} is cancelled, ${money} kept, ${held.length} held`);
      const isBought = order?.status === 'CONFIRMED' || order?.status === 'COMPLETED';
      if (isBought && money !== order.total)
        violations.push(`provider: ${id} costs ${order.total}, kept ${money}`);
    }
    return { looked: ours.looked + intents.size, violations };
  },
};

/** 13: nothing is given back that was not taken. */
export const refunds: Invariant = {
  id: '13',
  title: 'refunds: never more than was captured, and what is given back is the sum of the refunds',
  check: (stores) =>
    inEveryRegion(stores, [
      {
        count: 'SELECT count(*) AS looked FROM payments.payments',
        violations: `SELECT p.order_id || ' captured ' || p.captured || ', refunded ' || p.refunded || ', refunds ' || coalesce(r.amount, 0) AS violation
          FROM payments.payments p LEFT JOIN (SELECT order_id, sum(amount) AS amount FROM payments.refunds WHERE status = 'succeeded' GROUP BY 1) r USING (order_id)
          WHERE p.refunded > p.captured OR p.captured > p.amount OR coalesce(r.amount, 0) > p.captured
             OR (p.state <> 'voided' AND p.refunded <> coalesce(r.amount, 0))`,
      },
    ]),
};
