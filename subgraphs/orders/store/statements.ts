import { claimKey } from '@aisle/platform/idempotency';
import { insertSaga } from '@aisle/platform/saga';

/** `$n` of outbox rows as JSON; they are written only if the CTE named in `from` has a row. */
const outbox = (n: number, from: string) => `INSERT INTO outbox (id, type, subject, version, event)
    SELECT e.* FROM ${from}, jsonb_to_recordset($${n}::jsonb) AS e (id text, type text, subject text, version int, event text)`;

const steps = (
  n: number,
  from: string,
) => `INSERT INTO order_progress (order_id, user_id, step, status, detail, at)
    SELECT s.* FROM ${from}, jsonb_to_recordset($${n}::jsonb)
      AS s (order_id text, user_id text, step text, status text, detail text, at timestamptz)`;

/**
 * A new order in one statement, so one commit and one round trip: nothing of it is stored when the key was taken.
 * `$1`–`$5` key, `$6`–`$13` saga, `$14`–`$30` order, `$31` split, `$32` steps, `$33` events.
 */
export const START = `WITH taken AS (${claimKey(1)}),
  ordered AS (INSERT INTO orders (id, user_id, status, version, region, currency, cart_id, quote_id, lines, address,
      net, tax, delivery, discount, total, fee, placed_at, updated_at)
    SELECT $14, $15, 'PENDING', $16::int, $17, $18, $19, $20, $21::jsonb, $22::jsonb,
      $23::bigint, $24::bigint, $25::bigint, $26::bigint, $27::bigint, $28::bigint, $29::timestamptz, $30::timestamptz FROM taken
    ON CONFLICT (id) DO NOTHING RETURNING id),
  parted AS (INSERT INTO seller_orders (order_id, position, seller_id, net, tax, discount, fee, share, placed_at)
    SELECT o.id, p.position, p.seller_id, p.net, p.tax, p.discount, p.fee, p.share, $29::timestamptz FROM ordered o,
      jsonb_to_recordset($31::jsonb) AS p (position int, seller_id text, net bigint, tax bigint, discount bigint, fee bigint, share bigint)),
  begun AS (${insertSaga(6, 'FROM ordered')}),
  told AS (${steps(32, 'ordered')}),
  sent AS (${outbox(33, 'ordered')})
  SELECT id FROM ordered`;

/** Takes a key with its answer, `$1`–`$5`; no row when somebody has it. Whoever takes it at the same time waits. */
export const TAKE_KEY = claimKey(1);

/** A confirmed order that is taken back. `$1`–`$8` saga, `$9` id, `$10` version before, `$11` cause, `$12` time, `$13` steps. */
export const TAKE_BACK = `WITH changed AS (UPDATE orders SET status = 'CANCELLING', cause = $11::jsonb, version = version + 1, updated_at = $12::timestamptz
    WHERE id = $9 AND status = 'CONFIRMED' AND version = $10::int RETURNING id),
  begun AS (${insertSaga(1, 'FROM changed')}),
  told AS (${steps(13, 'changed')})
  SELECT id FROM changed`;

/** What a step of the saga changes, after the CTE `saved`. `$15` id, `$16` status or null, `$17` version, `$18` cause, `$19` time, `$20` steps, `$21` events. */
export const SAVE_STEP = `,
  changed AS (UPDATE orders SET status = $16, version = $17::int, cause = COALESCE($18::jsonb, cause), updated_at = $19::timestamptz
    FROM saved WHERE id = $15 AND $16::text IS NOT NULL),
  told AS (${steps(20, 'saved')}),
  sent AS (${outbox(21, 'saved')})`;
