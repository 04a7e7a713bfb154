import { isText } from '@aisle/platform/text';

/** Position in the list of sellers by name. */
export interface Position {
  readonly nameKey: string;
  readonly id: string;
}

export const encodeCursor = ({ nameKey, id }: Position): string =>
  Buffer.from(JSON.stringify([nameKey, id])).toString('base64url');

/** @returns undefined for anything that is not one of our cursors. */
export function decodeCursor(cursor: string): Position | undefined {
  if (cursor.length > 1_000) return undefined;
  try {
    const value = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown;
    if (!Array.isArray(value) || value.length !== 2) return undefined;
    const [nameKey, id] = value as unknown[];
    if (typeof nameKey !== 'string' || typeof id !== 'string') return undefined;
    return isText(nameKey) && isText(id) ? { nameKey, id } : undefined;
  } catch {
    return undefined;
  }
}
