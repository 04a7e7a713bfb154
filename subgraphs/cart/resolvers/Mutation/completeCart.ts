import { unavailable } from '@aisle/platform/errors';
import { regionOf } from '@aisle/platform/ids';
import { requireService } from '@aisle/platform/service';
import type { MutationResolvers } from '../../generated/schema.ts';
import { changeCart } from '../change-cart.ts';

export const completeCart: NonNullable<MutationResolvers['completeCart']> = async (_, { input }, scope) => {
  requireService(scope, ['orders']);
  const region = regionOf(input.cartId, 'crt');
  const cart = region && (await scope.ports.carts.load(region, input.cartId));
  // A cart that is not there holds nothing for any order.
  if (!cart) return { completed: true };
  const outcome = await changeCart(
    scope,
    cart,
    { type: 'complete', orderId: input.orderId },
    { durable: false },
  );
  if ('refusal' in outcome) throw unavailable(outcome.refusal.message);
  return { completed: true };
};
