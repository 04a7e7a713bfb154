import { invalidInput } from '@aisle/platform/errors';
import type { Region } from '@aisle/platform/identity';
import { insufficientStock, type Refusal } from '../domain/refusal.ts';
import type { Line } from '../domain/validate.ts';
import type { LiveStock, ReserveReply } from './live.ts';
import { putNote, REMEMBER_MS } from './order-note.ts';

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
  const keepMs = ttlMs + REMEMBER_MS;
  const [noted, ...replies] = await Promise.allSettled([
    putNote(live, region, orderId, { lines, released: false }, keepMs),
    ...lines.map(({ sku, quantity }) => live.reserve(region, orderId, sku, quantity, ttlMs)),
  ]);
  const held = replies.map((reply) =>
    reply.status === 'fulfilled' ? (reply.value as ReserveReply) : undefined,
  );
  if (noted.status === 'fulfilled' && held.every((reply) => reply?.status === 'OK'))
    return granted(request, held as Granted[]);

  // Lines that contradict an earlier hold leave that hold, and its note, as they were; so does an order let go before.
  const contradicts = held.some((reply) => reply?.status === 'OTHER');
  const earlier = noted.status === 'fulfilled' ? noted.value : undefined;
  if (earlier && (contradicts || earlier.released))
    await putNote(live, region, orderId, earlier, keepMs).catch(() => {});
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
