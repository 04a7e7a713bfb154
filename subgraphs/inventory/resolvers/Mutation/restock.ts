import { invalidInput } from '@aisle/platform/errors';
import { requireService } from '@aisle/platform/service';
import { checkLines, checkReason, isOrderId } from '../../domain/validate.ts';
import type { MutationResolvers } from '../../generated/schema.ts';
import { orUnavailable } from '../unavailable.ts';

const MAX_REASON = 500;

export const restock: NonNullable<MutationResolvers['restock']> = async (_, { input }, scope) => {
  requireService(scope, ['orders']);
  const { orderId, region, lines, reason } = input;
  const refusal = !isOrderId(orderId)
    ? invalidInput('This is not an order id.', 'orderId')
    : (checkReason(reason, MAX_REASON) ?? checkLines(lines));
  if (refusal) return { restocked: false, errors: [refusal] };
  return orUnavailable(
    scope.log,
    async () => {
      const refused = await scope.ports.moves.restock({ region, orderId, lines, reason });
      return { restocked: !refused, errors: refused ? [refused] : [] };
    },
    (unavailable) => ({ restocked: false, errors: [unavailable] }),
  );
};
