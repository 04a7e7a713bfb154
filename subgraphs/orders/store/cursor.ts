import type { Region } from '@aisle/platform/identity';

/** Where a step lies in its region's stream: by transaction, then by number. */
export interface Position {
  readonly xact: bigint;
  readonly seq: bigint;
}

export const MAX_SEQ = 2n ** 63n - 1n;

export function isAfter(a: Position, b: Position): boolean {
  return a.xact === b.xact ? a.seq > b.seq : a.xact > b.xact;
}

/** Opaque for clients: `base64url(<region>.<transaction>.<number>)`. */
export function encodeCursor(region: Region, { xact, seq }: Position): string {
  return Buffer.from(`${region}.${xact}.${seq}`).toString('base64url');
}

/** @returns undefined for anything that is not a cursor of the region's stream. */
export function decodeCursor(region: Region, cursor: string): Position | undefined {
  if (cursor.length > 100) return undefined;
  const match = /^([a-z]{2})\.(\d{1,19})\.(\d{1,19})$/.exec(Buffer.from(cursor, 'base64url').toString());
  if (!match || match[1] !== region) return undefined;
  const [xact, seq] = [BigInt(match[2]!), BigInt(match[3]!)];
  return seq <= MAX_SEQ ? { xact, seq } : undefined;
}
