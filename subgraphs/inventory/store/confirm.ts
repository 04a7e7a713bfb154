import type { Region } from '@aisle/platform/identity';
import { ledgerLine } from '../domain/movement.ts';
import { holdExpired, type Refusal } from '../domain/refusal.ts';
import type { Line } from '../domain/validate.ts';
import { partitionFor } from './keys.ts';
import type { Ledger } from './ledger.ts';
import type { LiveStock, PrepareReply } from './live.ts';
import { noteOf } from './order-note.ts';
import type { Rebuilder } from './rebuild.ts';
import { StockUnavailable } from './unavailable.ts';

export interface ConfirmPorts {
  readonly live: LiveStock;
  readonly ledger: Ledger;
  readonly rebuilder: Rebuilder;
}

export interface ConfirmRequest {
  readonly region: Region;
  readonly orderId: string;
  /** Lines to take again when their hold ran out or was lost. */
  readonly lines?: readonly Line[];
}

export type ConfirmOutcome =
  | { readonly confirmed: true }
  | { readonly confirmed: false; readonly refusal: Refusal };

type Prepared = Extract<PrepareReply, { status: 'OK' }>;

const CONFIRMED: ConfirmOutcome = { confirmed: true };
const EXPIRED: ConfirmOutcome = { confirmed: false, refusal: holdExpired() };
/** How often a rebuild may get in between before the caller has to try again. */
const TRIES = 3;

/**
 * Turns an order's holds into a sale: fix the holds so that they cannot run out, book the sale in the ledger (from here
 * on it is so), move the counters. A crash in between leaves fixed holds, which the reconciler ends as the ledger says.
 * @throws StockUnavailable
 */
export async function confirm(ports: ConfirmPorts, request: ConfirmRequest): Promise<ConfirmOutcome> {
  const { live, ledger, rebuilder } = ports;
  const { region, orderId } = request;
  const lines = request.lines ?? (await noteOf(live, region, orderId))?.lines ?? [];
  if (lines.length === 0) return settled(ports, request);

  for (let attempt = 0; attempt < TRIES; attempt++) {
    const prepared = await prepareAll(ports, request, lines);
    if (prepared === 'STALE') continue;
    if (!Array.isArray(prepared)) return prepared;
    const booked = await ledger.append(region, {
      ref: orderId,
      kind: 'SALE',
      orderId,
      lines: prepared.flatMap(({ units }, index) =>
        units.map((unit) => ({ kind: 'SALE' as const, ...ledgerLine('SALE', lines[index]!.sku, unit) })),
      ),
      epochs: epochsOf(region, lines, prepared),
    });
    if (booked.status === 'STALE') continue;
    if (booked.status === 'EXISTS') return finish(ports, request, lines, prepared);
    // Booked is sold. Counters that could not be moved now are moved by the reconciler.
    await Promise.allSettled(
      lines.map(({ sku }, index) => live.commit(region, orderId, sku, prepared[index]!.epoch)),
    );
    return CONFIRMED;
  }
  // Redis and PostgreSQL disagree about the epoch for good: Redis came back with an older state.
  const parts = [...new Set(lines.map(({ sku }) => partitionFor(region, sku).part))];
  rebuilder.renew(region, parts);
  throw new StockUnavailable('missing');
}

/** Somebody else decided about this order first: what the ledger has is carried out, anything else is let go. */
async function finish(
  { live, ledger }: ConfirmPorts,
  { region, orderId }: ConfirmRequest,
  lines: readonly Line[],
  prepared: readonly Prepared[],
): Promise<ConfirmOutcome> {
  const recorded = (await ledger.findMany(region, [orderId])).get(orderId);
  const isSold = recorded?.state === 'DONE';
  await Promise.allSettled(
    lines.map(({ sku }, index) =>
      isSold && recorded.skus.has(sku)
        ? live.commit(region, orderId, sku, prepared[index]!.epoch)
        : live.release(region, orderId, sku, 'abort'),
    ),
  );
  return isSold ? CONFIRMED : EXPIRED;
}

/** Nothing is held: either the sale was booked before, or it is too late. */
async function settled(
  { ledger }: ConfirmPorts,
  { region, orderId }: ConfirmRequest,
): Promise<ConfirmOutcome> {
  return (await ledger.find(region, orderId))?.state === 'DONE' ? CONFIRMED : EXPIRED;
}

async function prepareAll(
  ports: ConfirmPorts,
  request: ConfirmRequest,
  lines: readonly Line[],
): Promise<Prepared[] | ConfirmOutcome | 'STALE'> {
  const { live, ledger } = ports;
  const { region, orderId } = request;
  const first = await Promise.allSettled(lines.map(({ sku }) => live.prepare(region, orderId, sku)));
  const giveUp = async (replies: readonly PromiseSettledResult<PrepareReply>[]) => {
    const fixed = lines.filter((_, index) => statusOf(replies[index]!) === 'OK');
    await Promise.allSettled(fixed.map(({ sku }) => live.release(region, orderId, sku, 'revert')));
    const failed = replies.find((reply) => reply.status === 'rejected');
    if (failed) throw failed.reason;
  };
  if (first.every((reply) => statusOf(reply) === 'OK')) return first.map(replyOf) as Prepared[];
  if (first.some((reply) => reply.status === 'rejected')) await giveUp(first);

  // The ledger is asked before units are taken again: what is booked must not be taken twice.
  const recorded = await ledger.find(region, orderId);
  if (recorded || !request.lines) {
    await giveUp(first);
    return recorded?.state === 'DONE' ? CONFIRMED : EXPIRED;
  }
  const second = await Promise.allSettled(
    first.map((reply, index) => {
      const value = replyOf(reply);
      if (value.status !== 'EXPIRED') return value;
      const { sku, quantity } = lines[index]!;
      return live.prepare(region, orderId, sku, quantity, value.epoch);
    }),
  );
  if (second.every((reply) => statusOf(reply) === 'OK')) {
    // Looked at after the units were fixed: a release from here on finds them so, and then the ledger decides.
    const [note] = await Promise.allSettled([noteOf(live, region, orderId)]);
    if (note.status === 'fulfilled' && !note.value?.released) return second.map(replyOf) as Prepared[];
    await giveUp(second);
    if (note.status === 'rejected') throw note.reason;
    return EXPIRED;
  }
  await giveUp(second);
  return second.some((reply) => statusOf(reply) === 'STALE') ? 'STALE' : EXPIRED;
}

const statusOf = (reply: PromiseSettledResult<PrepareReply>) =>
  reply.status === 'fulfilled' ? reply.value.status : 'FAILED';

function replyOf(reply: PromiseSettledResult<PrepareReply>): PrepareReply {
  if (reply.status === 'rejected') throw reply.reason;
  return reply.value;
}

export function epochsOf(
  region: Region,
  lines: readonly { sku: string }[],
  prepared: readonly { epoch: string }[],
): Map<number, string> {
  return new Map(lines.map(({ sku }, index) => [partitionFor(region, sku).part, prepared[index]!.epoch]));
}
