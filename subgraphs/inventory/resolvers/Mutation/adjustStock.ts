import { invalidInput } from '@aisle/platform/errors';
import { checkDelta } from '../../domain/validate.ts';
import type { MutationResolvers } from '../../generated/schema.ts';
import { changeStock } from '../change-stock.ts';

const MAX_REASON = 200;

export const adjustStock: NonNullable<MutationResolvers['adjustStock']> = (_, { input }, scope) => {
  const { delta, ...rest } = input;
  const reason = rest.reason.trim();
  const badReason =
    reason.length >= 1 && reason.length <= MAX_REASON
      ? undefined
      : invalidInput(`A reason has 1 to ${MAX_REASON} characters.`, 'reason');
  return changeStock(scope, { ...rest, reason, mode: 'add', units: delta }, checkDelta(delta) ?? badReason);
};
