import { randomBytes } from 'node:crypto';
import { isRegion, type Region } from '../identity/caller.ts';

/** Crockford's base 32: no I, L, O, U, and it sorts as the numbers do. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

function ulid(now: number): string {
  let time = '';
  for (let rest = now, i = 0; i < 10; i++, rest = Math.floor(rest / 32)) time = ALPHABET[rest % 32] + time;
  let tail = '';
  for (const byte of randomBytes(16)) tail += ALPHABET[byte % 32];
  return time + tail;
}

/** A new id that sorts by time: `ord_eu_01j…` with a region, `prd_01j…` without (catalogue is global). */
export function newId(prefix: string, region?: Region, now: number = Date.now()): string {
  return region ? `${prefix}_${region}_${ulid(now)}` : `${prefix}_${ulid(now)}`;
}

export interface ParsedId {
  readonly prefix: string;
  readonly region?: Region;
  readonly tail: string;
}

/** `undefined` for anything that is not one of Aisle's ids: callers answer it as "not found", never as a crash. */
export function parseId(id: string): ParsedId | undefined {
  if (id.length > 64) return undefined;
  const match = /^([a-z]{2,4})_(?:([a-z]{2})_)?([0-9a-z]{4,40})$/.exec(id);
  if (!match) return undefined;
  const [, prefix, region, tail] = match;
  if (region !== undefined && !isRegion(region)) return undefined;
  return { prefix: prefix!, tail: tail!, ...(region && { region }) };
}

/** The region an id was made in, when it has the given prefix. */
export function regionOf(id: string, prefix?: string): Region | undefined {
  const parsed = parseId(id);
  return parsed && (prefix === undefined || parsed.prefix === prefix) ? parsed.region : undefined;
}

export function hasPrefix(id: string, prefix: string): boolean {
  return parseId(id)?.prefix === prefix;
}
