import { unavailable } from '@aisle/platform/errors';
import { regionOf } from '@aisle/platform/ids';
import { requireService } from '@aisle/platform/service';
import type { MutationResolvers } from '../../generated/schema.ts';
import { changeCart } from '../change-cart.ts';

export const completeCart: NonNullable<MutationResolvers['completeCart']> = async (_, { input }, scope) => {
  requireService(scope, ['orders']);
  const { cartId: id, orderId } = input;
  const region = regionOf(id, 'crt');
  // A cart that is not there holds nothing for any order: nothing is changed, and nothing saved.
  if (!region) return { completed: true };
  const whose = { id, owner: '', region };
  const outcome = await changeCart(scope, whose, { type: 'complete', orderId }, { durable: false });
  if ('refusal' in outcome) throw unavailable(outcome.refusal.message);
  return { completed: true };
};
