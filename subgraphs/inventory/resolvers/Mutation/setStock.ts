import { checkCounted } from '../../domain/validate.ts';
import type { MutationResolvers } from '../../generated/schema.ts';
import { changeStock } from '../change-stock.ts';

export const setStock: NonNullable<MutationResolvers['setStock']> = (_, { input }, scope) => {
  const { onHand, ...rest } = input;
  return changeStock(scope, { ...rest, mode: 'set', units: onHand, reason: 'count' }, checkCounted(onHand));
};
