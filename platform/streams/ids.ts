/** A Redis stream id, `milliseconds-sequence`; `0-0` is before everything. */
export const START = '0-0';

const ID = /^(\d{1,15})-(\d{1,15})$/;

export const isStreamId = (id: string): boolean => ID.test(id);

/** Negative when `a` is before `b`. @throws for anything that is not an id */
export function compareIds(a: string, b: string): number {
  if (a === b) return 0;
  const [, aTime, aSeq] = ID.exec(a) ?? [];
  const [, bTime, bSeq] = ID.exec(b) ?? [];
  if (aTime === undefined || bTime === undefined)
    throw new RangeError(`"${a}" or "${b}" is not a stream id.`);
  return Number(aTime) - Number(bTime) || Number(aSeq) - Number(bSeq);
}

/** How far a reader has got in each stream, by the stream's short name. */
export type Positions = Readonly<Record<string, string>>;

/** An opaque cursor: the positions, base64url. */
export function writeCursor(positions: Positions): string {
  return Buffer.from(JSON.stringify(positions)).toString('base64url');
}

/** `undefined` for anything that is not a cursor over exactly these streams. */
export function readCursor(cursor: string, names: readonly string[]): Positions | undefined {
  if (cursor.length > 4_096) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (typeof value !== 'object' || value === null) return undefined;
    const entries = Object.entries(value);
    const known =
      entries.length === names.length &&
      entries.every(([name, id]) => names.includes(name) && typeof id === 'string' && isStreamId(id));
    return known ? (value as Positions) : undefined;
  } catch {
    return undefined;
  }
}
