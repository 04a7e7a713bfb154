import { badInput } from '@aisle/platform/errors';
import type { QueryResolvers } from '../../generated/schema.ts';
import { productById, productBySlug } from '../loaders.ts';

export const product: NonNullable<QueryResolvers['product']> = (_, { id, slug }, scope) => {
  if ((id == null) === (slug == null)) throw badInput('Give either `id` or `slug`.');
  return id != null ? productById(scope, id) : productBySlug(scope, slug!);
};
