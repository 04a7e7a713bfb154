import { invalidInput } from '@aisle/platform/errors';
import { requireService } from '@aisle/platform/service';
import { checkLines, isOrderId } from '../../domain/validate.ts';
import type { MutationResolvers } from '../../generated/schema.ts';
import { orUnavailable } from '../unavailable.ts';

export const confirmStock: NonNullable<MutationResolvers['confirmStock']> = async (_, { input }, scope) => {
  requireService(scope, ['orders']);
  const { orderId, region, lines } = input;
  const refusal = isOrderId(orderId)
    ? lines
      ? checkLines(lines)
      : undefined
    : invalidInput('This is not an order id.', 'orderId');
  if (refusal) return { confirmed: false, errors: [refusal] };
  return orUnavailable(
    scope.log,
    async () => {
      const outcome = await scope.ports.moves.confirm({ region, orderId, ...(lines && { lines }) });
      return outcome.confirmed
        ? { confirmed: true, errors: [] }
        : { confirmed: false, errors: [outcome.refusal] };
    },
    (unavailable) => ({ confirmed: false, errors: [unavailable] }),
  );
};
