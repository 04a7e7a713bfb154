import { notFound, unauthenticated } from '@aisle/platform/errors';
import { regionOf } from '@aisle/platform/ids';
import { owedBy } from '../../domain/cart.ts';
import { isGuest, sameKey } from '../../domain/identity.ts';
import type { MutationResolvers } from '../../generated/schema.ts';
import { changeCart } from '../change-cart.ts';
import { changeOwn } from '../own.ts';

/**
 * First the lines are taken in, remembered with the guest cart's version, then the guest's cart gives them away and
 * remembers that: a crash in between loses nothing, and the next try takes in nothing twice, whatever was added since.
 */
export const mergeCart: NonNullable<MutationResolvers['mergeCart']> = async (_, { input }, scope) => {
  if (scope.caller.kind !== 'user') throw unauthenticated('Sign in first; then a guest cart can be merged.');
  const region = regionOf(input.guestCartId, 'crt');
  const guest = region && (await scope.ports.carts.load(region, input.guestCartId));
  // One answer for "no such cart", "a user's cart" and "not your key".
  if (!guest || !isGuest(guest.owner) || !sameKey(input.mergeKey, guest.mergeKey)) {
    return {
      cart: null,
      errors: [notFound('There is no such guest cart, or this is not its key.', 'guestCartId')],
    };
  }
  const outcome = await changeOwn(scope, { type: 'takeIn', guest });
  for (const taken of outcome.cart ? owedBy(guest, outcome.cart) : []) {
    const given = await changeCart(scope, guest, { type: 'giveAway', taken });
    if ('refusal' in given) return { cart: null, errors: [given.refusal] };
  }
  return outcome;
};
