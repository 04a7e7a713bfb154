import type { Scope } from '@aisle/platform/service';
import type { Cart } from '../domain/cart.ts';
import type { Ports } from '../store/index.ts';
import { asking } from './asking.ts';

const known = {};
type Quoted = { readonly id: string } | { readonly missing: string };

/**
 * The quote of a cart version, asked for once an operation: what adding a line has just made, the cart's `quote` field
 * shows. Pricing gives the same quote for the same version until a price changes, so nothing is remembered beyond that.
 */
export function quoteOf(scope: Scope<Ports>, { id, owner, region, version, lines }: Cart): Promise<Quoted> {
  const quotes = scope.once(known, () => new Map<string, Promise<Quoted>>());
  const key = `${id}@${version}`;
  const earlier = quotes.get(key);
  if (earlier) return earlier;
  const asked = scope.ports.shop.quote({ cartId: id, owner, version, lines }, asking(scope, region));
  quotes.set(key, asked);
  // A failed one may be asked for again by the next field.
  asked.catch(() => quotes.delete(key));
  return asked;
}
