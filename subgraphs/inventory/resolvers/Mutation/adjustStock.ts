import { checkDelta, checkReason } from '../../domain/validate.ts';
import type { MutationResolvers } from '../../generated/schema.ts';
import { changeStock } from '../change-stock.ts';

const MAX_REASON = 200;

export const adjustStock: NonNullable<MutationResolvers['adjustStock']> = (_, { input }, scope) => {
  const { delta, ...rest } = input;
  const reason = rest.reason.trim();
  const badReason = checkReason(reason, MAX_REASON);
  return changeStock(scope, { ...rest, reason, mode: 'add', units: delta }, checkDelta(delta) ?? badReason);
};
