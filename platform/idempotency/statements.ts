/** How long an answer is kept, milliseconds. */
export const KEEP_MS = 24 * 60 * 60 * 1_000;

/**
 * Takes a key, with its answer if that is known already; a row comes back only when the call is the first.
 * Made to stand in a `WITH` of a larger statement, so that key and effect are one commit and one round trip.
 * Parameters, from `$first`: scope, key, input hash, answer (JSON or null), milliseconds an unanswered claim holds.
 *
 * A row that is there and committed is left alone, unless it expired, or its call died before it answered.
 */
export function claimKey(first: number): string {
  const $ = (offset: number) => `$${first + offset}`;
  return `INSERT INTO idempotency AS known (scope, key, input_hash, answer, claimed_until, expires_at)
    VALUES (${$(0)}, ${$(1)}, ${$(2)}, ${$(3)}::jsonb, now() + ${$(4)}::int * interval '1 ms', now() + interval '${KEEP_MS} ms')
    ON CONFLICT (scope, key) DO UPDATE
      SET input_hash = excluded.input_hash, answer = excluded.answer, claimed_until = excluded.claimed_until, expires_at = excluded.expires_at
      WHERE known.expires_at <= now()
        OR (known.answer IS NULL AND known.claimed_until <= now() AND known.input_hash = excluded.input_hash)
    RETURNING 1`;
}

export const FIND_KEY = `SELECT input_hash, answer IS NOT NULL AS answered, answer
  FROM idempotency WHERE scope = $1 AND key = $2 AND expires_at > now()`;

export const ANSWER_KEY = 'UPDATE idempotency SET answer = $3::jsonb WHERE scope = $1 AND key = $2';
