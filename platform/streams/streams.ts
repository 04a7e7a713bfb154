import type { Redis } from '../stores/index.ts';
import { compareIds, START } from './ids.ts';

export interface StreamEntry {
  /** Short name of its stream. */
  readonly stream: string;
  readonly id: string;
  readonly fields: Readonly<Record<string, string>>;
}

export const toEntry = (
  stream: string,
  { id, message }: { id: string; message: Record<string, string> },
): StreamEntry => ({
  stream,
  id: String(id),
  fields: message,
});

/** When an entry was added, epoch milliseconds of Redis' clock. */
export const timeOf = ({ id }: Pick<StreamEntry, 'id'>): number => Number(id.split('-')[0]);

/** The newest id of each stream; of an empty or missing one, its start. One round trip. */
export async function lastIds(
  redis: Redis,
  streams: Readonly<Record<string, string>>,
  names: readonly string[],
): Promise<Record<string, string>> {
  const newest = await Promise.all(
    names.map((name) => redis.xRevRange(streams[name]!, '+', '-', { COUNT: 1 })),
  );
  return Object.fromEntries(
    names.map((name, index) => [name, newest[index]?.[0] ? String(newest[index][0].id) : START]),
  );
}

/**
 * Whether a stream may have lost entries after `id`: `id` itself was an entry (or the end) once, so when it lies before
 * the first one that is left, or after the last, what followed it cannot be trusted to be there.
 */
export async function lostAfter(redis: Redis, key: string, id: string): Promise<boolean> {
  const [first, last] = await Promise.all([
    redis.xRange(key, '-', '+', { COUNT: 1 }),
    redis.xRevRange(key, '+', '-', { COUNT: 1 }),
  ]);
  const oldest = first?.[0] && String(first[0].id);
  const newest = last?.[0] && String(last[0].id);
  if (id === START) return oldest !== undefined && (await trimmed(redis, key));
  if (oldest === undefined || newest === undefined) return true;
  return compareIds(id, oldest) < 0 || compareIds(id, newest) > 0;
}

async function trimmed(redis: Redis, key: string): Promise<boolean> {
  const info = (await redis.xInfoStream(key)) as unknown as Record<string, unknown>;
  const added = Number(info['entries-added'] ?? info.entriesAdded ?? 0);
  return added > Number(info.length);
}
