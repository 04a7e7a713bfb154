import { invalidInput } from '@aisle/platform/errors';
import { requireService } from '@aisle/platform/service';
import type { Refusal } from '../../domain/refusal.ts';
import { isOrderId } from '../../domain/validate.ts';
import type { MutationResolvers } from '../../generated/schema.ts';
import { orUnavailable } from '../unavailable.ts';

export const releaseStock: NonNullable<MutationResolvers['releaseStock']> = async (_, { input }, scope) => {
  requireService(scope, ['orders']);
  const { orderId, region } = input;
  if (!isOrderId(orderId))
    return { released: false, errors: [invalidInput('This is not an order id.', 'orderId')] };
  return orUnavailable<{ released: boolean; errors: Refusal[] }>(
    scope.log,
    async () => ({ released: await scope.ports.moves.release(region, orderId), errors: [] }),
    (unavailable) => ({ released: false, errors: [unavailable] }),
  );
};
