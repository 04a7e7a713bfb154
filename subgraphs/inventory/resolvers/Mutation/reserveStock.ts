import { invalidInput } from '@aisle/platform/errors';
import { requireService } from '@aisle/platform/service';
import { checkLines, isOrderId, MAX_TTL_SECONDS } from '../../domain/validate.ts';
import type { MutationResolvers } from '../../generated/schema.ts';
import { orUnavailable } from '../unavailable.ts';

export const reserveStock: NonNullable<MutationResolvers['reserveStock']> = async (_, { input }, scope) => {
  requireService(scope, ['orders']);
  const { orderId, region, ttlSeconds, lines } = input;
  const refusal = isOrderId(orderId)
    ? ttlSeconds >= 1 && ttlSeconds <= MAX_TTL_SECONDS
      ? checkLines(lines)
      : invalidInput(`A hold lasts 1 to ${MAX_TTL_SECONDS} seconds.`, 'ttlSeconds')
    : invalidInput('This is not an order id.', 'orderId');
  if (refusal) return { reservation: null, errors: [refusal] };
  return orUnavailable(
    scope.log,
    async () => {
      const outcome = await scope.ports.moves.reserve({ region, orderId, ttlMs: ttlSeconds * 1_000, lines });
      if ('refusals' in outcome) return { reservation: null, errors: outcome.refusals };
      const { expiresAt, ...reservation } = outcome.reservation;
      return {
        reservation: {
          ...reservation,
          lines: [...reservation.lines],
          expiresAt: new Date(expiresAt).toISOString(),
        },
        errors: [],
      };
    },
    (unavailable) => ({ reservation: null, errors: [unavailable] }),
  );
};
