import { invalidInput } from '@aisle/platform/errors';
import type { Region } from '@aisle/platform/identity';
import { insufficientStock, type Refusal } from '../domain/refusal.ts';
import type { Line } from '../domain/validate.ts';
import { orderKey } from './keys.ts';
import type { LiveStock, ReserveReply } from './live.ts';

/** How long it is remembered which SKUs an order asked for, beyond the hold's own time. */
const REMEMBER_MS = 24 * 3_600_000;

export interface Reservation {
  readonly orderId: string;
  /** Epoch milliseconds of Redis' clock. */
  readonly expiresAt: number;
  readonly lines: readonly { sku: string; warehouseId: string; quantity: number }[];
}

export interface ReserveRequest {
  readonly region: Region;
  readonly orderId: string;
  readonly ttlMs: number;
  readonly lines: readonly Line[];
}

export type ReserveOutcome = { readonly reservation: Reservation } | { readonly refusals: Refusal[] };

/**
 * Holds all lines or none: one script a SKU and the note of the order's SKUs in one round trip; what was held is let
 * go when another line is short. @throws StockUnavailable
 */
export async function reserve(live: LiveStock, request: ReserveRequest): Promise<ReserveOutcome> {
  const { region, orderId, ttlMs, lines } = request;
  const text = JSON.stringify(lines.map(({ sku, quantity }) => ({ sku, quantity })));
  const [noted, ...replies] = await Promise.allSettled([
    note(live, request, text),
    ...lines.map(({ sku, quantity }) => live.reserve(region, orderId, sku, quantity, ttlMs)),
  ]);
  const held = replies.map((reply) =>
    reply.status === 'fulfilled' ? (reply.value as ReserveReply) : undefined,
  );
  if (noted.status === 'fulfilled' && held.every((reply) => reply?.status === 'OK'))
    return granted(request, held as Granted[]);

  // Lines that contradict an earlier hold leave that hold, and its note, as they were.
  const contradicts = held.some((reply) => reply?.status === 'OTHER');
  const earlier = noted.status === 'fulfilled' ? noted.value : null;
  if (contradicts && earlier) await note(live, request, earlier).catch(() => {});
  // A script that did not answer may still have held something: its release is queued behind it.
  const letGo = (reply: ReserveReply | undefined) =>
    reply === undefined || (reply.status === 'OK' && (reply.isNew || !contradicts));
  await Promise.allSettled(
    lines
      .filter((_, index) => letGo(held[index]))
      .map(({ sku }) => live.release(region, orderId, sku, 'held')),
  );
  const failed = [noted, ...replies].find((reply) => reply.status === 'rejected');
  if (failed) throw failed.reason;
  return { refusals: held.flatMap((reply, index) => refusalOf(reply, lines[index]!, index)) };
}

/** Writes down which SKUs the order asked for. @returns what was noted before */
function note(
  live: LiveStock,
  { region, orderId, ttlMs }: ReserveRequest,
  text: string,
): Promise<string | null> {
  const expiration = { type: 'PX', value: ttlMs + REMEMBER_MS } as const;
  return live.answered(() => live.redis.set(orderKey(region, orderId), text, { GET: true, expiration }));
}

type Granted = Extract<ReserveReply, { status: 'OK' }>;

function granted({ orderId, lines }: ReserveRequest, held: readonly Granted[]): ReserveOutcome {
  const expiresAt = Math.min(...held.map((reply) => reply.expiresAt));
  const reserved = held.flatMap(({ units }, index) =>
    units.map((unit) => ({ sku: lines[index]!.sku, ...unit })),
  );
  return { reservation: { orderId, expiresAt, lines: reserved } };
}

function refusalOf(reply: ReserveReply | undefined, { sku }: Line, index: number): Refusal[] {
  if (reply?.status === 'SHORT')
    return [insufficientStock(sku, reply.available, 'lines', String(index), 'quantity')];
  if (reply?.status === 'OTHER')
    return [
      invalidInput('The order already holds another quantity of it.', 'lines', String(index), 'quantity'),
    ];
  return [];
}
