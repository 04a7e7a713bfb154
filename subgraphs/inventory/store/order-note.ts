import type { Region } from '@aisle/platform/identity';
import type { Line } from '../domain/validate.ts';
import { orderKey } from './keys.ts';
import type { LiveStock } from './live.ts';

/** What is remembered of an order in Redis: the lines it asked for, and whether it has let them go since. */
export interface OrderNote {
  readonly lines: readonly Line[];
  readonly released: boolean;
}

/** How long an order is remembered, beyond its hold's own time, milliseconds. */
export const REMEMBER_MS = 24 * 3_600_000;

/** Lines that are held are noted as a list, lines that were let go as `{ released }`. */
export const writeNote = ({ lines, released }: OrderNote): string => {
  const text = lines.map(({ sku, quantity }) => ({ sku, quantity }));
  return JSON.stringify(released ? { released: text } : text);
};

export function readNote(text: string | null): OrderNote | undefined {
  if (text === null) return undefined;
  const value = JSON.parse(text) as Line[] | { released: Line[] };
  return Array.isArray(value) ? { lines: value, released: false } : { lines: value.released, released: true };
}

/** @throws StockUnavailable */
export const noteOf = async (
  live: LiveStock,
  region: Region,
  orderId: string,
): Promise<OrderNote | undefined> =>
  readNote(await live.answered(() => live.redis.get(orderKey(region, orderId))));

/** Remembers something else of an order. @returns what was noted before. @throws StockUnavailable */
export async function putNote(
  live: LiveStock,
  region: Region,
  orderId: string,
  note: OrderNote,
  keepMs = REMEMBER_MS,
): Promise<OrderNote | undefined> {
  const options = { GET: true, expiration: { type: 'PX', value: keepMs } } as const;
  return readNote(
    await live.answered(() => live.redis.set(orderKey(region, orderId), writeNote(note), options)),
  );
}
