import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Caller } from './caller.ts';

/** The header that carries the envelope on every hop between router and subgraph, and between subgraphs. */
export const ENVELOPE_HEADER = 'x-aisle-envelope';

/** Longest life of an envelope, milliseconds: a captured one is useless after that. */
const MAX_LIFE_MS = 30_000;
/** Clock difference tolerated between two machines, milliseconds. */
const SKEW_MS = 2_000;

export interface Envelope {
  readonly caller: Caller;
  /** `router` or the name of the calling context. */
  readonly issuer: string;
  /** The subgraph it is meant for. */
  readonly audience: string;
  readonly requestId: string;
  /** Network address of the client as the router saw it. */
  readonly clientAddress?: string;
  /** Epoch milliseconds: when it was made, and when the operation must have ended. */
  readonly issuedAt: number;
  readonly deadline: number;
}

export type EnvelopeProblem =
  | 'missing'
  | 'malformed'
  | 'forged'
  | 'expired'
  | 'wrong-audience'
  | 'other-body';

export class EnvelopeError extends Error {
  readonly problem: EnvelopeProblem;
  constructor(problem: EnvelopeProblem) {
    super(`The caller envelope is ${problem}.`);
    this.problem = problem;
  }
}

const digest = (body: string | Uint8Array) => createHash('sha256').update(body).digest('base64url');
const mac = (payload: string, key: string) => createHmac('sha256', key).update(payload).digest();

/** Signs who is calling, for whom, until when, and exactly which body: `base64url(json).base64url(hmac-sha256)`. */
export function sealEnvelope(envelope: Envelope, body: string | Uint8Array, key: string): string {
  const payload = Buffer.from(JSON.stringify({ ...envelope, body: digest(body) })).toString('base64url');
  return `${payload}.${mac(payload, key).toString('base64url')}`;
}

/** @throws EnvelopeError for anything but a current envelope, made with `key`, for this audience and this body. */
export function openEnvelope(
  sealed: string | undefined,
  options: {
    readonly key: string;
    readonly audience: string;
    readonly body: string | Uint8Array;
    readonly now: number;
  },
): Envelope {
  if (!sealed) throw new EnvelopeError('missing');
  const [payload, signature, ...rest] = sealed.split('.');
  if (!payload || !signature || rest.length > 0) throw new EnvelopeError('malformed');
  const given = Buffer.from(signature, 'base64url');
  const expected = mac(payload, options.key);
  if (given.length !== expected.length || !timingSafeEqual(given, expected))
    throw new EnvelopeError('forged');
  const { body, ...envelope } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Envelope & {
    body: string;
  };
  if (envelope.audience !== options.audience) throw new EnvelopeError('wrong-audience');
  if (body !== digest(options.body)) throw new EnvelopeError('other-body');
  const { now } = options;
  const fresh =
    envelope.issuedAt <= now + SKEW_MS &&
    now - envelope.issuedAt <= MAX_LIFE_MS &&
    envelope.deadline + SKEW_MS >= now;
  if (!fresh) throw new EnvelopeError('expired');
  return envelope;
}
