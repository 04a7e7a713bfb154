import type { QueryResolvers } from '../../generated/schema.ts';
import { variantBySku } from '../loaders.ts';

export const variant: NonNullable<QueryResolvers['variant']> = (_, { sku }, scope) =>
  variantBySku(scope, sku);
