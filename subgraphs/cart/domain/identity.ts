import { createHash, timingSafeEqual } from 'node:crypto';
import type { Caller, Region } from '@aisle/platform/identity';

/** A shopper has one cart a region, and its id follows from who they are: no list of carts has to be kept or searched. */
export function cartIdOf(owner: string, region: Region): string {
  return `crt_${region}_${createHash('sha256').update(`cart/${region}/${owner}`).digest('hex').slice(0, 26)}`;
}

/** Who may have a cart: a guest with a token, or somebody signed in. */
export const ownerOf = (caller: Caller): string | undefined =>
  caller.kind === 'user' || caller.kind === 'guest' ? caller.subject : undefined;

export const isGuest = (owner: string): boolean => owner.startsWith('gst_');

/** Compares in constant time. */
export function sameKey(given: string, known: string | null): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return known !== null && timingSafeEqual(digest(given), digest(known));
}
