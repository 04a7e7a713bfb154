import { notAllowed, notFound } from '@aisle/platform/errors';
import { hasPrefix } from '@aisle/platform/ids';
import type { Scope } from '@aisle/platform/service';
import type { Product } from '../domain/product.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { Ports } from '../store/index.ts';
import { isStaff, ownSeller, requireUser } from './viewer.ts';

/**
 * The product as the database has it now (a decision is never made on a cached one), if the caller manages it.
 * @throws UNAUTHENTICATED for visitors and guests
 */
export async function ownProduct(scope: Scope<Ports>, id: string): Promise<Product | Refusal> {
  requireUser(scope.caller);
  const seller = ownSeller(scope.caller);
  const staff = isStaff(scope.caller);
  if (!seller && !staff) return notAllowed('Only sellers and staff change the catalogue.');
  const [product] = hasPrefix(id, 'prd') ? await scope.ports.store.byIds([id]) : [];
  if (!product) return notFound('There is no such product.', 'id');
  return staff || product.sellerId === seller
    ? product
    : notAllowed('This is another seller’s product.', 'id');
}
