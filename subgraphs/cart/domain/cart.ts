import type { Region } from '@aisle/platform/identity';

export const MAX_LINES = 100;
export const MAX_QUANTITY = 99;
/** A freeze that no order has ended by then does not count any more, milliseconds. */
export const FREEZE_MS = 15 * 60_000;
/** Merges that are remembered, so that merging twice is merging once. */
export const MAX_MERGES = 20;

export interface Line {
  readonly sku: string;
  readonly quantity: number;
}

export interface CartLine extends Line {
  /** Epoch milliseconds. */
  readonly addedAt: number;
}

/** What an order took from the cart. `active` ends when the cart is changed; the lines stay known until the order ends. */
export interface Checkout {
  readonly orderId: string;
  readonly version: number;
  readonly lines: readonly Line[];
  readonly active: boolean;
  /** Epoch milliseconds. */
  readonly since: number;
}

/** A guest's cart that was taken in, as `id@version`, with what it held then and still has to give away. */
export interface TakenIn {
  readonly source: string;
  readonly lines: readonly Line[];
}

/** One of a cart's merges: those that are over are remembered by their source alone. */
export type Merge = string | TakenIn;

export const sourceOf = (merge: Merge): string => (typeof merge === 'string' ? merge : merge.source);

export interface Cart {
  readonly id: string;
  /** `usr_…` or `gst_…`. */
  readonly owner: string;
  readonly region: Region;
  /** Counts the changes of the lines: quotes and clients refer to it. */
  readonly version: number;
  /** Counts all changes: of two copies the higher one is right. */
  readonly revision: number;
  readonly lines: readonly CartLine[];
  readonly checkout: Checkout | null;
  /** A user's: guest carts that were taken in. A guest's: versions of it that it has given away. The newest last. */
  readonly merged: readonly Merge[];
  /** Whoever knows it may merge this guest cart; null for a user's cart. */
  readonly mergeKey: string | null;
  /** Epoch milliseconds; null when nothing ever happened to it. */
  readonly updatedAt: number | null;
}

export type ChangeKind = 'LINES_CHANGED' | 'MERGED' | 'CHECKOUT_STARTED' | 'CHECKOUT_ENDED' | 'COMPLETED';

export function emptyCart(id: string, owner: string, region: Region): Cart {
  return {
    id,
    owner,
    region,
    version: 0,
    revision: 0,
    lines: [],
    checkout: null,
    merged: [],
    mergeKey: null,
    updatedAt: null,
  };
}

/** Whether an order is being placed on it. `now` is epoch milliseconds. */
export const isCheckingOut = ({ checkout }: Cart, now: number): boolean =>
  checkout?.active === true && now - checkout.since < FREEZE_MS;

/** What a user's cart has taken in of a guest's, and the guest's has not given away yet. */
export function owedBy(guest: Pick<Cart, 'id' | 'merged'>, taker: Pick<Cart, 'merged'>): TakenIn[] {
  const given = new Set(guest.merged.map(sourceOf));
  return taker.merged.filter(
    (merge): merge is TakenIn =>
      typeof merge !== 'string' && merge.source.startsWith(`${guest.id}@`) && !given.has(merge.source),
  );
}

export const itemCount = ({ lines }: Cart): number => lines.reduce((sum, { quantity }) => sum + quantity, 0);

/** Lines without those units that an order has bought. */
export function without(lines: readonly CartLine[], taken: readonly Line[]): CartLine[] {
  const bought = new Map(taken.map(({ sku, quantity }) => [sku, quantity]));
  return lines.flatMap((line) => {
    const quantity = line.quantity - (bought.get(line.sku) ?? 0);
    return quantity > 0 ? [{ ...line, quantity }] : [];
  });
}
