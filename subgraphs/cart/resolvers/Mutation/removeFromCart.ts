import type { MutationResolvers } from '../../generated/schema.ts';
import { changeOwn, expecting } from '../own.ts';

export const removeFromCart: NonNullable<MutationResolvers['removeFromCart']> = (_, { input }, scope) =>
  changeOwn(scope, { type: 'remove', sku: input.sku, ...expecting(input) });
