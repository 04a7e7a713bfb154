/**
 * The statements of the runner. Two of them are made to stand in a `WITH` of a larger statement, so that a saga's step,
 * the rows of its context and the events are one commit and one round trip.
 */

/** Creates a driven saga. Parameters from `$first`: id, name, step, state, owner, lease ms, traceparent or null, deadline ms. */
export function insertSaga(first: number, from = ''): string {
  const $ = (offset: number) => `$${first + offset}`;
  return `INSERT INTO saga (id, name, step, state, owner, due_at, traceparent, deadline)
    SELECT ${$(0)}, ${$(1)}, ${$(2)}, ${$(3)}::jsonb, ${$(4)}, now() + ${$(5)}::int * interval '1 ms',
      ${$(6)}, now() + ${$(7)}::int * interval '1 ms' ${from}
    RETURNING id`;
}

/** It was to wait, but a signal is there that it has not seen. */
const KEPT = "($8::text = 'wait' AND jsonb_array_length(signals) > $6::int)";

/**
 * Saves a step if the saga is still ours, as a CTE named `saved`: no row there, no rows elsewhere. `$1` to `$14`: id,
 * owner, version, name-step, state, consumed signals, attempts, parked or null, due in ms, step deadline ms or null,
 * finished, overdue, last error, lease ms. A saga that is to wait stays ours while there are signals it has not seen.
 */
export const SAVED = `UPDATE saga SET
    step = $4, state = $5::jsonb, version = version + 1, attempts = $7,
    signals = CASE WHEN $6::int = 0 THEN signals ELSE COALESCE(
      (SELECT jsonb_agg(item ORDER BY n) FROM jsonb_array_elements(signals) WITH ORDINALITY AS t (item, n) WHERE n > $6::int), '[]') END,
    owner = CASE WHEN $8::text IS NULL OR ${KEPT} THEN owner END,
    parked = CASE WHEN ${KEPT} THEN NULL ELSE $8::text END,
    due_at = now() + CASE WHEN ${KEPT} THEN LEAST($9::int, $14::int) ELSE $9::int END * interval '1 ms',
    step_deadline = now() + $10::int * interval '1 ms',
    finished_at = CASE WHEN $11::boolean THEN now() END,
    overdue = $12, last_error = $13, updated_at = now()
  WHERE id = $1 AND owner = $2 AND version = $3 AND finished_at IS NULL
  RETURNING signals, owner`;

const COLUMNS = `saga.id, saga.name, saga.step, saga.state, saga.signals, saga.version, saga.attempts, saga.overdue, saga.traceparent,
  (extract(epoch FROM saga.step_deadline - now()) * 1000)::float8 AS step_left_ms,
  (extract(epoch FROM saga.deadline - now()) * 1000)::float8 AS left_ms`;

/** Takes sagas whose lease ended or whose time has come. `$1` owner, `$2` lease ms, `$3` how many. */
export const CLAIM_DUE = `WITH due AS (
    SELECT id, parked FROM saga WHERE finished_at IS NULL AND due_at <= now() ORDER BY due_at LIMIT $3 FOR UPDATE SKIP LOCKED)
  UPDATE saga SET owner = $1, version = version + 1, due_at = now() + $2::int * interval '1 ms', parked = NULL
  FROM due WHERE saga.id = due.id RETURNING ${COLUMNS}, due.parked AS was_parked, false AS early`;

/** Takes one parked saga before its time, because a signal arrived. `$1` owner, `$2` lease ms, `$3` id. */
export const CLAIM_PARKED = `WITH one AS (
    SELECT id, parked FROM saga WHERE id = $3 AND finished_at IS NULL AND owner IS NULL FOR UPDATE SKIP LOCKED)
  UPDATE saga SET owner = $1, version = version + 1, due_at = now() + $2::int * interval '1 ms', parked = NULL
  FROM one WHERE saga.id = one.id RETURNING ${COLUMNS}, one.parked AS was_parked, true AS early`;

/** Leaves a signal for whoever drives the saga, now or next. A parked one is due at once. */
export const SIGNAL = `UPDATE saga SET signals = signals || jsonb_build_array($2::jsonb),
    due_at = CASE WHEN owner IS NULL THEN now() ELSE due_at END
  WHERE id = $1 AND finished_at IS NULL AND jsonb_array_length(signals) < 20 RETURNING owner`;

/** Keeps the leases of sagas that take long. `$1` ids, `$2` owner, `$3` lease ms. */
export const RENEW = `UPDATE saga SET due_at = now() + $3::int * interval '1 ms'
  WHERE id = ANY($1::text[]) AND owner = $2 AND finished_at IS NULL RETURNING id`;

/** Gives up leases, so that others go on at once. `$1` ids, `$2` owner. */
export const RELEASE = `UPDATE saga SET owner = NULL, parked = 'retry', version = version + 1, due_at = now()
  WHERE id = ANY($1::text[]) AND owner = $2 AND finished_at IS NULL`;

export const STUCK = `SELECT id, name, step, attempts, overdue, last_error,
    extract(epoch FROM now() - created_at)::float8 AS age_seconds
  FROM saga WHERE finished_at IS NULL AND (overdue OR deadline <= now() OR attempts >= $1) ORDER BY created_at LIMIT $2`;

export const COUNT_OPEN = `SELECT name, step, count(*)::int AS open, (count(*) FILTER (WHERE overdue OR deadline <= now() OR attempts >= $1))::int AS stuck
  FROM saga WHERE finished_at IS NULL GROUP BY name, step`;

export const PRUNE = `DELETE FROM saga WHERE id IN
  (SELECT id FROM saga WHERE finished_at < now() - $1::int * interval '1 ms' ORDER BY finished_at LIMIT $2 FOR UPDATE SKIP LOCKED) RETURNING 1`;
