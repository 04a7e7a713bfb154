import type { Region } from '@aisle/platform/identity';
import { newId } from '@aisle/platform/ids';
import { currencyOf, money } from '@aisle/platform/money';
import type { Platform } from '@aisle/platform/service';
import { request } from 'undici';
import type { PaymentEvent } from '../domain/decide.ts';
import { begin, evolve } from '../domain/evolve.ts';
import type { Payment } from '../domain/payment.ts';
import { voidKey } from '../domain/refund.ts';
import { factsOf, VOID_REASON } from '../events/published.ts';

/** A payment of the past: taken, and given back whole when the order was cancelled. */
export interface SeedPayment {
  /** `ord_<region>_…`. */
  readonly orderId: string;
  readonly userId: string;
  readonly region: Region;
  /** Minor units of the region's currency: what the order cost. */
  readonly minor: number;
  readonly status: 'CAPTURED' | 'REFUNDED';
  /** Epoch milliseconds. */
  readonly paidAt: number;
}

const BATCH = 500;
/** From payment to capture, and to the refund of a cancelled order, milliseconds. */
const CAPTURED_AFTER_MS = 600;
const REFUNDED_AFTER_MS = 3_600_400;

/** The provider's id of a seeded payment: the same for the same order. */
const intentOf = (orderId: string) => `pi_seed_${orderId.slice(4)}`;

const INSERT = `WITH paid AS (INSERT INTO payments (order_id, id, user_id, currency, amount, method_token, state, intent,
    captured, refunded, promised, version, created_at, updated_at)
  SELECT * FROM jsonb_to_recordset($1::jsonb) AS p (order_id text, id text, user_id text, currency text, amount bigint, method_token text,
    state text, intent text, captured bigint, refunded bigint, promised bigint, version int, created_at timestamptz, updated_at timestamptz)
  ON CONFLICT (order_id) DO NOTHING RETURNING id, order_id),
returned AS (INSERT INTO refunds (id, order_id, key, currency, amount, reason, status, created_at)
  SELECT r.* FROM jsonb_to_recordset($3::jsonb) AS r (id text, order_id text, key text, currency text, amount bigint, reason text,
    status text, created_at timestamptz) JOIN paid USING (order_id))
INSERT INTO outbox (id, type, subject, version, event, sent_at)
  SELECT e.*, now() FROM jsonb_to_recordset($2::jsonb) AS e (id text, type text, subject text, version int, event text)
  JOIN paid ON paid.id = e.subject ORDER BY e.version`;

/**
 * Puts payments of the past into the regions' databases; those that are there stay as they are. Their events count as
 * sent. The emulator of the provider is told of them as well, so that a past order can be refunded.
 */
export async function seed(platform: Platform, rows: readonly SeedPayment[]): Promise<void> {
  const databases = platform.databases();
  const load = async ([region, payments]: [Region, SeedPayment[]]) => {
    for (let i = 0; i < payments.length; i += BATCH) {
      const history = payments.slice(i, i + BATCH).map(historyOf);
      const told = history.flatMap(({ events }) => events);
      const paid = history.map(({ payment }) => rowOf(payment));
      const returned = history.flatMap(({ payment, refundId }) => refundOf(payment, refundId));
      await databases.of(region).query(
        INSERT,
        [paid, told, returned].map((row) => JSON.stringify(row)),
      );
      await tellEmulator(
        platform.env,
        history.map(({ payment }) => payment),
      );
    }
  };
  await Promise.all([...Map.groupBy(rows, ({ region }) => region)].map(load));
}

function historyOf({ orderId, userId, region, minor, status, paidAt }: SeedPayment) {
  const intent = intentOf(orderId);
  const amount = money(currencyOf(region), minor);
  const order = {
    orderId,
    userId,
    region,
    amount,
    method: { token: 'pm_card_visa', customer: null },
    returnUrl: null,
  };
  const events: { id: string; type: string; subject: string; version: number; event: string }[] = [];
  let payment = begin(newId('pay', region, paidAt), order, paidAt);
  const happen = (changes: readonly PaymentEvent[], at: number) => {
    payment = evolve(payment, changes, at);
    for (const event of factsOf(payment, changes, true, at)) {
      events.push({
        id: event.id,
        type: event.type,
        subject: event.subject,
        version: event.version,
        event: JSON.stringify(event),
      });
    }
  };
  happen([{ kind: 'authorised', intent }], paidAt);
  happen([{ kind: 'captured', intent, amount: amount.minor }], paidAt + CAPTURED_AFTER_MS);
  const refundId = newId('rfd', region, paidAt + REFUNDED_AFTER_MS);
  if (status === 'REFUNDED') {
    happen(
      [
        { kind: 'void-started', intent },
        { kind: 'given-back', amount: amount.minor, refundId },
      ],
      paidAt + REFUNDED_AFTER_MS,
    );
  }
  return { payment, events, refundId };
}

/** The refund that a cancelled order's payment ended with. */
function refundOf({ orderId, amount, refunded, version, updatedAt }: Payment, id: string) {
  if (refunded === 0n) return [];
  const { currency } = amount;
  return [
    {
      ...{ id, order_id: orderId, key: voidKey(version - 1), currency, amount: refunded.toString() },
      ...{ reason: VOID_REASON, status: 'succeeded', created_at: new Date(updatedAt) },
    },
  ];
}

function rowOf({
  orderId,
  id,
  userId,
  amount,
  method,
  state,
  captured,
  refunded,
  promised,
  version,
  createdAt,
  updatedAt,
}: Payment) {
  return {
    order_id: orderId,
    id,
    user_id: userId,
    currency: amount.currency,
    amount: amount.minor.toString(),
    method_token: method.token,
    state: state.kind,
    intent: intentOf(orderId),
    captured: captured.toString(),
    refunded: refunded.toString(),
    promised: promised.toString(),
    version,
    created_at: new Date(createdAt),
    updated_at: new Date(updatedAt),
  };
}

/** Only our emulator has this door; a real provider is never told of money that did not move. */
async function tellEmulator(
  { STRIPE_API_URL }: Platform['env'],
  payments: readonly Payment[],
): Promise<void> {
  if (!STRIPE_API_URL || !/^http:\/\/(127\.|localhost)/.test(STRIPE_API_URL)) return;
  const intents = payments.map(({ orderId, id, amount, refunded, createdAt }) => ({
    id: intentOf(orderId),
    orderId,
    paymentId: id,
    currency: amount.currency,
    amount: Number(amount.minor),
    refunded: Number(refunded),
    createdAt,
  }));
  const url = new URL('/_test/import', STRIPE_API_URL);
  const { statusCode, body } = await request(url, { method: 'POST', body: JSON.stringify({ intents }) });
  await body.dump();
  if (statusCode !== 200)
    throw new Error(`The payment emulator answered ${statusCode} to the history of payments.`);
}
