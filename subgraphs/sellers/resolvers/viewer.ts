import { forbidden, notAllowed, notFound, type Refusal, unauthenticated } from '@aisle/platform/errors';
import type { Caller } from '@aisle/platform/identity';
import type { Scope } from '@aisle/platform/service';
import { isStaff, mayManage, mayView, type Seller } from '../domain/seller.ts';
import type { Ports } from '../store/index.ts';

/** A person with a login session. A program with an API key may not change its seller or make itself more keys. @throws UNAUTHENTICATED */
export function requirePerson({ caller }: Scope<Ports>): Caller {
  if (caller.kind !== 'user' || !caller.sessionId) throw unauthenticated();
  return caller;
}

/** @throws UNAUTHENTICATED, FORBIDDEN */
export function requireStaff(scope: Scope<Ports>): Caller {
  const caller = requirePerson(scope);
  if (!isStaff(caller)) throw forbidden();
  return caller;
}

/** The seller, when the person may change it. One they cannot even see looks as if it did not exist. */
export async function managedSeller(
  scope: Scope<Ports>,
  id: string,
): Promise<
  { seller: Seller; errors: [] } | { seller?: undefined; errors: Refusal<'NotFound' | 'NotAllowed'>[] }
> {
  const caller = requirePerson(scope);
  const seller = await scope.ports.sellers.find(id);
  if (!seller || !mayView(caller, seller))
    return { errors: [notFound('There is no such seller.', 'sellerId')] };
  if (!mayManage(caller, seller)) return { errors: [notAllowed('This is not your seller.', 'sellerId')] };
  return { seller, errors: [] };
}
