import type { MutationResolvers } from '../../generated/schema.ts';
import { changeOwn, expecting } from '../own.ts';

export const clearCart: NonNullable<MutationResolvers['clearCart']> = (_, { input }, scope) =>
  changeOwn(scope, { type: 'clear', ...expecting(input) });
