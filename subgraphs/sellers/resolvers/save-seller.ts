import type { AisleEvent } from '@aisle/platform/bus';
import { type Refusal, versionConflict } from '@aisle/platform/errors';
import type { Scope } from '@aisle/platform/service';
import { nameTaken, type VersionConflict } from '../domain/refusal.ts';
import type { Seller } from '../domain/seller.ts';
import type { Ports } from '../store/index.ts';

type Saved =
  | { readonly seller: Seller; readonly errors: [] }
  | { readonly errors: (Refusal<'SellerNameTaken'> | VersionConflict)[] };

/** Stores the next version with its events; whoever was faster is reported. */
export async function saveSeller(
  { ports }: Scope<Ports>,
  seller: Seller,
  events: readonly AisleEvent[] = [],
): Promise<Saved> {
  const outcome = await ports.sellers.save(seller, events);
  if (outcome === 'saved') return { seller, errors: [] };
  if (outcome === 'name-taken') return { errors: [nameTaken()] };
  const present = await ports.sellers.find(seller.id);
  return { errors: [versionConflict(seller.version - 1, present?.version ?? 0)] };
}
