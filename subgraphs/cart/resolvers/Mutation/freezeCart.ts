import { notFound } from '@aisle/platform/errors';
import { regionOf } from '@aisle/platform/ids';
import { requireService } from '@aisle/platform/service';
import { cartIdOf } from '../../domain/identity.ts';
import type { MutationResolvers } from '../../generated/schema.ts';
import { changeCart } from '../change-cart.ts';

export const freezeCart: NonNullable<MutationResolvers['freezeCart']> = async (_, { input }, scope) => {
  requireService(scope, ['orders']);
  const { cartId: id, owner, orderId, version } = input;
  const region = regionOf(id, 'crt');
  if (!region || id !== cartIdOf(owner, region))
    return { cart: null, errors: [notFound('There is no such cart.', 'cartId')] };
  const expected = typeof version === 'number' ? { expectedVersion: version } : {};
  const outcome = await changeCart(
    scope,
    { id, owner, region },
    { type: 'freeze', orderId, owner, ...expected },
    { durable: false },
  );
  if ('refusal' in outcome) return { cart: null, errors: [outcome.refusal] };
  const { version: frozen, lines } = outcome.cart.checkout!;
  return { cart: { id, version: frozen, lines: [...lines] }, errors: [] };
};
