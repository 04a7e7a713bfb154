import { unauthenticated, unavailable } from '@aisle/platform/errors';
import type { Caller } from '@aisle/platform/identity';
import type { Scope } from '@aisle/platform/service';
import { isStoreDown } from '@aisle/platform/stores';
import { type Cart, emptyCart } from '../domain/cart.ts';
import { cartIdOf, ownerOf } from '../domain/identity.ts';
import type { Ports } from '../store/index.ts';

/** The caller as the owner of a cart. @throws UNAUTHENTICATED for a visitor without a token, and for services */
export function requireOwner(caller: Caller): string {
  const owner = ownerOf(caller);
  if (!owner) throw unauthenticated('Sign in, or get a guest token, to have a cart.');
  return owner;
}

/** The caller's cart as it is; an empty one when nothing was ever put in. @throws UNAVAILABLE when no store answers */
export async function ownCart(
  { caller, ports }: Pick<Scope<Ports>, 'caller' | 'ports'>,
  owner: string,
  region = caller.region,
): Promise<Cart> {
  const id = cartIdOf(owner, region);
  try {
    return (await ports.carts.load(region, id)) ?? emptyCart(id, owner, region);
  } catch (error) {
    throw isStoreDown(error) ? unavailable('Carts cannot be read just now.', error) : error;
  }
}
