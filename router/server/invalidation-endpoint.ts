import { createHash, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { Invalidation } from '../cache/index.ts';
import type { Exchange } from './exchange.ts';
import type { RunningRouter } from './options.ts';
import { readBody } from './read-body.ts';
import { Refusal } from './refusal.ts';

/** Answers any request to its address. Rejects with what `answerFailure` of the GraphQL endpoint takes. */
export type InvalidationEndpoint = (exchange: Exchange) => Promise<void>;

export const INVALIDATION_PATH = '/invalidation';
/** Shorter keys are guessed. */
const SHORTEST_KEY = 16;
const MOST_BYTES = 64 * 1024;

const name = z.string().min(1).max(512);

/** As Apollo Router's: a list of what is to be forgotten. */
const body = z
  .array(
    z.discriminatedUnion('kind', [
      z.strictObject({
        kind: z.literal('cache_tag'),
        cache_tag: name,
        subgraphs: z.array(name).max(100).optional(),
      }),
      z.strictObject({ kind: z.literal('subgraph'), subgraph: name }),
      z.strictObject({ kind: z.literal('type'), subgraph: name, type: name }),
    ]),
  )
  .min(1)
  .max(1_000);

/**
 * `POST /invalidation` for who knows the key, in the header `authorization`, bare or as a bearer token. 202 when it is done.
 * @throws when the key is shorter than 16 characters
 */
export function createInvalidationEndpoint(
  key: string | undefined,
  invalidate: RunningRouter['invalidate'],
): InvalidationEndpoint | undefined {
  if (key === undefined) return undefined;
  if (key.length < SHORTEST_KEY)
    throw new Error(`The invalidation key is shorter than ${SHORTEST_KEY} characters.`);
  const expected = digest(key);
  return async (exchange) => {
    const { method, headers } = exchange.request;
    const given = (headers.authorization ?? '').replace(/^bearer +/i, '');
    if (!timingSafeEqual(digest(given), expected))
      throw new Refusal(401, 'UNAUTHENTICATED', 'This is for who has the invalidation key.', {
        'www-authenticate': 'Bearer',
      });
    if (method !== 'POST')
      throw new Refusal(405, 'METHOD_NOT_ALLOWED', `${method} is not served here.`, { allow: 'POST' });
    const invalidations = parse(await readBody(exchange.request, MOST_BYTES));
    await invalidate(invalidations, 'http').catch((cause: unknown) => {
      throw Object.assign(
        new Refusal(503, 'OVERLOADED', 'The cache cannot be reached: try again.', { 'retry-after': '1' }),
        { cause },
      );
    });
    exchange.json(202, 'application/json', JSON.stringify({ count: invalidations.length }));
  };
}

function parse(text: string): Invalidation[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Refusal(400, 'BAD_REQUEST', 'The body is not JSON.');
  }
  const parsed = body.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Refusal(400, 'BAD_REQUEST', `${issue?.path.join('.') || 'The body'}: ${issue?.message}.`);
  }
  return parsed.data.map((one) =>
    one.kind === 'cache_tag'
      ? { kind: 'tags', tags: [one.cache_tag], ...(one.subgraphs && { subgraphs: one.subgraphs }) }
      : one,
  );
}

const digest = (text: string) => createHash('sha256').update(text).digest();
