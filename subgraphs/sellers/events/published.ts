import { type AisleEvent, createEvent } from '@aisle/platform/bus';
import type { Region } from '@aisle/platform/identity';
import type { Seller } from '../domain/seller.ts';

export interface SellerApproved {
  readonly sellerId: string;
  readonly name: string;
  /** The owner, who manages its goods from now on, and their home region. */
  readonly ownerId: string;
  readonly region: Region;
}

export interface SellerSuspended {
  readonly sellerId: string;
  readonly ownerId: string;
  readonly region: Region;
}

/** A seller may sell. `now` is epoch milliseconds. */
export function sellerApproved(
  { id, name, ownerId, region, version }: Seller,
  now: number,
): AisleEvent<SellerApproved> {
  const data = { sellerId: id, name, ownerId, region };
  return createEvent({ type: 'SellerApproved.v1', producer: 'sellers', subject: id, version, data }, now);
}

/** A seller may not sell any more. */
export function sellerSuspended(
  { id, ownerId, region, version }: Seller,
  now: number,
): AisleEvent<SellerSuspended> {
  const data = { sellerId: id, ownerId, region };
  return createEvent({ type: 'SellerSuspended.v1', producer: 'sellers', subject: id, version, data }, now);
}
