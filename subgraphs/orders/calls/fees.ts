import type { Clock } from '@aisle/platform/clock';
import type { Commands } from '@aisle/platform/service';
import { sellers } from '../generated/calls.ts';
import type { Contexts } from './contexts.ts';

/** Fees change rarely and are agreed beforehand: an order may be placed on one that is a minute old. */
const KEEP_MS = 60_000;
const MAX_KEPT = 5_000;

/** Sellers' fees, kept for a minute, so that a checkout does not ask for what it asked for a moment ago. */
export function createFees(commands: Commands, clock: Clock): Contexts['fees'] {
  const kept = new Map<string, { bps: number | undefined; until: number }>();
  return async (sellerIds, asking) => {
    const now = clock.now();
    const missing = sellerIds.filter((id) => (kept.get(id)?.until ?? 0) <= now);
    if (missing.length > 0) {
      const options = { ...asking, to: 'sellers', idempotent: true };
      const { sellerSnapshots } = await commands.send(
        sellers.SellerSnapshotsDocument,
        { ids: missing },
        options,
      );
      const known = new Map(sellerSnapshots.map((seller) => [seller.id, seller]));
      if (kept.size + missing.length > MAX_KEPT) kept.clear();
      for (const id of missing) {
        const seller = known.get(id);
        kept.set(id, {
          bps: seller?.status === 'APPROVED' ? seller.feeBps : undefined,
          until: now + KEEP_MS,
        });
      }
    }
    const fees = new Map<string, number>();
    for (const id of sellerIds) {
      const bps = kept.get(id)?.bps;
      if (bps !== undefined) fees.set(id, bps);
    }
    return fees;
  };
}
