import type { Clock } from '@aisle/platform/clock';
import { regionOf } from '@aisle/platform/ids';
import type { Database, Databases } from '@aisle/platform/stores';
import type { Payment } from '../domain/payment.ts';
import type { Along, PaymentStore } from './index.ts';
import { checkAt, fromState, type PaymentRow, type RefundRow, toPayment, toRefund } from './rows.ts';

/** What the sweeper's lease and back-off are: 10 s, doubled with each look, 5 minutes at most. */
const NEXT_CHECK = `LEAST(10 * 2 ^ LEAST(checks, 10), 300) * interval '1 second'`;

const BEGIN = `WITH made AS (
  INSERT INTO payments (order_id, id, user_id, currency, amount, method_token, method_customer, return_url,
    state, intent, version, created_at, updated_at, check_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1, $11, $11, $12)
  ON CONFLICT (order_id) DO NOTHING RETURNING order_id)
SELECT count(*)::int AS made FROM made`;

const SAVE = `UPDATE payments SET state = $3, intent = $4, failure_code = $5, failure_message = $6, captured = $7,
  refunded = $8, promised = $9, version = $2, updated_at = $10, check_at = $11, checks = 0
WHERE order_id = $1 AND version = $2 - 1`;

/** A change with what goes along with it: one statement, one round trip, one commit. */
const SAVE_ALONG = `WITH saved AS (${SAVE} RETURNING order_id),
told AS (INSERT INTO outbox (id, type, subject, version, event)
  SELECT e.* FROM saved, unnest($12::text[], $13::text[], $14::text[], $15::int[], $16::text[]) AS e),
noted AS (INSERT INTO attempts (order_id, step, outcome, code, took_ms, at)
  SELECT order_id, $17::text, $18::text, $19::text, $20::int, $10 FROM saved WHERE $17::text IS NOT NULL),
received AS (INSERT INTO inbox (source, event_id)
  SELECT 'stripe', $21::text FROM saved WHERE $21::text IS NOT NULL ON CONFLICT DO NOTHING),
given AS (INSERT INTO refunds (id, order_id, key, currency, amount, reason, status, reference, created_at, check_at)
  SELECT $22::text, order_id, $23::text, $24::text, $25::bigint, $26::text, $27::text, $28::text, $29::timestamptz, $30::timestamptz
  FROM saved WHERE $22::text IS NOT NULL
  ON CONFLICT (id) DO UPDATE SET status = excluded.status, reference = excluded.reference, check_at = excluded.check_at)
SELECT count(*)::int AS saved FROM saved`;

const TAKE_DUE = `UPDATE payments SET check_at = $1::timestamptz + ${NEXT_CHECK}, checks = checks + 1
WHERE order_id IN (SELECT order_id FROM payments WHERE check_at <= $1 ORDER BY check_at LIMIT $2 FOR UPDATE SKIP LOCKED)
RETURNING *`;

const TAKE_DUE_REFUNDS = TAKE_DUE.replaceAll('payments', 'refunds').replaceAll('order_id', 'id');

/** The latest 100 of each order, oldest first. */
const REFUNDS = `SELECT r.* FROM unnest($1::text[]) AS o (id)
CROSS JOIN LATERAL (SELECT * FROM refunds WHERE order_id = o.id ORDER BY created_at DESC, id DESC LIMIT 100) r
ORDER BY r.created_at, r.id`;

/** Refunds wait this long for their own command to settle them, milliseconds. */
const REFUND_CHECK_MS = 5_000;

export function postgresPayments(databases: Databases, clock: Clock): PaymentStore {
  const home = (orderId: string): Database | undefined => {
    const region = regionOf(orderId, 'ord');
    return region && databases.of(region);
  };

  return {
    async find(orderId) {
      const region = regionOf(orderId, 'ord');
      if (!region) return undefined;
      const [row] = await databases
        .of(region)
        .query<PaymentRow>('SELECT * FROM payments WHERE order_id = $1', [orderId], 'payment_find');
      return row && toPayment(row, region);
    },

    async findMany(region, orderIds) {
      const text = 'SELECT * FROM payments WHERE order_id = ANY($1::text[])';
      const rows = await databases.of(region).query<PaymentRow>(text, [orderIds], 'payment_find_many');
      return rows.map((row) => toPayment(row, region));
    },

    async begin(payment) {
      const [row] = await databases
        .of(payment.region)
        .query<{ made: number }>(BEGIN, beginValues(payment), 'payment_begin');
      return row?.made === 1 ? undefined : this.find(payment.orderId);
    },

    async save(next, along = {}) {
      const [row] = await databases
        .of(next.region)
        .query<{ saved: number }>(
          SAVE_ALONG,
          [...saveValues(next), ...alongValues(along, next)],
          'payment_save',
        );
      return row?.saved === 1;
    },

    async recordAttempt({ orderId, region }, { step, outcome, code, tookMs }) {
      await databases
        .of(region)
        .query(
          'INSERT INTO attempts (order_id, step, outcome, code, took_ms, at) VALUES ($1, $2, $3, $4, $5, $6)',
          [orderId, step, outcome, code ?? null, tookMs, new Date(clock.now())],
          'attempt_insert',
        );
    },

    async refund(orderId, key) {
      const text = 'SELECT * FROM refunds WHERE order_id = $1 AND key = $2';
      const rows = await home(orderId)?.query<RefundRow>(text, [orderId, key], 'refund_find');
      return rows?.[0] && toRefund(rows[0]);
    },

    async refundByReference(orderId, reference) {
      const text = 'SELECT * FROM refunds WHERE order_id = $1 AND reference = $2';
      const rows = await home(orderId)?.query<RefundRow>(text, [orderId, reference]);
      return rows?.[0] && toRefund(rows[0]);
    },

    async refunds(region, orderIds) {
      const rows = await databases.of(region).query<RefundRow>(REFUNDS, [orderIds], 'refund_list');
      return rows.map(toRefund);
    },

    async takeDue(region, limit) {
      const rows = await databases
        .of(region)
        .query<PaymentRow>(TAKE_DUE, [new Date(clock.now()), limit], 'payment_due');
      return rows.map((row) => ({ payment: toPayment(row, region), checks: row.checks }));
    },

    async takeDueRefunds(region, limit) {
      const rows = await databases
        .of(region)
        .query<RefundRow>(TAKE_DUE_REFUNDS, [new Date(clock.now()), limit], 'refund_due');
      return rows.map(toRefund);
    },
  };
}

function beginValues(payment: Payment): unknown[] {
  const { orderId, id, userId, amount, method, returnUrl, state, createdAt } = payment;
  const [kind, intent] = fromState(state);
  const made = new Date(createdAt);
  const about = [orderId, id, userId, amount.currency, amount.minor.toString()];
  return [...about, method.token, method.customer, returnUrl, kind, intent, made, checkAt(state, createdAt)];
}

function saveValues({
  orderId,
  version,
  state,
  captured,
  refunded,
  promised,
  updatedAt,
}: Payment): unknown[] {
  const sums = [captured, refunded, promised].map(String);
  return [orderId, version, ...fromState(state), ...sums, new Date(updatedAt), checkAt(state, updatedAt)];
}

function alongValues({ events = [], attempt, webhook, refund }: Along, { updatedAt }: Payment): unknown[] {
  const told = [
    events.map((event) => event.id),
    events.map((event) => event.type),
    events.map((event) => event.subject),
    events.map((event) => event.version),
    events.map((event) => JSON.stringify(event)),
  ];
  const noted = [
    attempt?.step ?? null,
    attempt?.outcome ?? null,
    attempt?.code ?? null,
    attempt?.tookMs ?? null,
  ];
  const open = refund?.status === 'pending' ? new Date(updatedAt + REFUND_CHECK_MS) : null;
  const given = refund
    ? [
        refund.id,
        refund.key,
        refund.amount.currency,
        refund.amount.minor.toString(),
        refund.reason,
        refund.status,
        refund.reference,
        new Date(refund.createdAt),
        open,
      ]
    : Array.from({ length: 9 }, () => null);
  return [...told, ...noted, webhook ?? null, ...given];
}
