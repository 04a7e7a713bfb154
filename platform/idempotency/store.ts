import { setTimeout as delay } from 'node:timers/promises';
import type { Database, Sql } from '../stores/index.ts';
import type { IdempotentCall } from './key.ts';
import { ANSWER_KEY, claimKey, FIND_KEY } from './statements.ts';

/** What a key stands for right now. */
export type Begun<Answer> =
  /** Nobody used it: do the work and record the answer in the same transaction. */
  | { readonly kind: 'fresh' }
  /** Done before with the same input: give this answer again. */
  | { readonly kind: 'replay'; readonly answer: Answer }
  /** The same call is at work elsewhere. */
  | { readonly kind: 'in-progress' }
  /** Used with another input: refuse. */
  | { readonly kind: 'reused-with-other-input' };

export type Outcome<Answer> =
  | { readonly kind: 'done'; readonly answer: Answer; readonly replayed: boolean }
  | { readonly kind: 'in-progress' }
  | { readonly kind: 'reused-with-other-input' };

interface KnownRow extends Record<string, unknown> {
  readonly input_hash: string;
  readonly answered: boolean;
  readonly answer: unknown;
}

/** How long a call without an answer keeps its key, milliseconds: longer than any request may take. */
const CLAIM_MS = 60_000;
const BEGIN = claimKey(1);

function read<Answer>(row: KnownRow, call: IdempotentCall): Begun<Answer> {
  if (row.input_hash !== call.inputHash) return { kind: 'reused-with-other-input' };
  return row.answered ? { kind: 'replay', answer: row.answer as Answer } : { kind: 'in-progress' };
}

/** Looks only. Undefined when the key is free. */
export async function findKey<Answer>(sql: Sql, call: IdempotentCall): Promise<Begun<Answer> | undefined> {
  const [row] = await sql.query<KnownRow>(FIND_KEY, [call.scope, call.key], 'idempotency-find');
  return row && read<Answer>(row, call);
}

/**
 * Takes the key, or tells what it stands for. Give it the transaction of the effect: then a call that rolls back
 * leaves the key free, and a second call at the same time waits here (on the row) until the first has committed.
 */
export async function beginKey<Answer>(tx: Sql, call: IdempotentCall): Promise<Begun<Answer>> {
  const params = [call.scope, call.key, call.inputHash, null, CLAIM_MS];
  if ((await tx.query(BEGIN, params, 'idempotency-begin')).length > 0) return { kind: 'fresh' };
  // Gone again between the two statements: it expired this instant, so the next try finds it free.
  return (await findKey<Answer>(tx, call)) ?? { kind: 'in-progress' };
}

/** Records the answer of a call that began as `fresh`. */
export async function answerKey(tx: Sql, call: IdempotentCall, answer: unknown): Promise<void> {
  await tx.query(ANSWER_KEY, [call.scope, call.key, JSON.stringify(answer ?? null)], 'idempotency-answer');
}

/** Waits, bounded, until the call that holds the key has answered. */
export async function awaitAnswer<Answer>(
  sql: Sql,
  call: IdempotentCall,
  options: { readonly timeoutMs: number; readonly signal?: AbortSignal },
): Promise<Begun<Answer> | undefined> {
  const end = performance.now() + options.timeoutMs;
  for (let pause = 10; ; pause = Math.min(pause * 2, 250)) {
    const known = await findKey<Answer>(sql, call);
    if (known?.kind !== 'in-progress' || performance.now() + pause > end) return known;
    await delay(pause, undefined, { ...(options.signal && { signal: options.signal }) });
  }
}

/**
 * Runs `work` once per key: its effects, the key and its answer commit together. A second call at the same time waits
 * (at most `waitMs`) and gets the first one's answer.
 */
export async function once<Answer>(
  database: Database,
  call: IdempotentCall,
  work: (tx: Sql) => Promise<Answer>,
  waitMs = 5_000,
): Promise<Outcome<Answer>> {
  const begun = await database
    .transaction<Begun<Answer> | { kind: 'worked'; answer: Answer }>(async (tx) => {
      await tx.query("SELECT set_config('lock_timeout', $1, true)", [`${waitMs}ms`]);
      const known = await beginKey<Answer>(tx, call);
      if (known.kind !== 'fresh') return known;
      const answer = await work(tx);
      await answerKey(tx, call, answer);
      return { kind: 'worked', answer };
    })
    .catch((error: { code?: string }) => {
      // 55P03 is lock_not_available: the first call is still at work after all that time.
      if (error.code === '55P03') return { kind: 'in-progress' as const };
      throw error;
    });
  if (begun.kind === 'worked') return { kind: 'done', answer: begun.answer, replayed: false };
  if (begun.kind === 'replay') return { kind: 'done', answer: begun.answer, replayed: true };
  if (begun.kind === 'reused-with-other-input') return begun;
  const settled = await awaitAnswer<Answer>(database, call, { timeoutMs: waitMs });
  if (settled?.kind === 'replay') return { kind: 'done', answer: settled.answer, replayed: true };
  return settled?.kind === 'reused-with-other-input' ? settled : { kind: 'in-progress' };
}
