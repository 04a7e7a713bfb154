import { badInput } from '@aisle/platform/errors';
import type { QueryResolvers } from '../../generated/schema.ts';
import { tree } from '../loaders.ts';

export const category: NonNullable<QueryResolvers['category']> = async (_, { id, slug }, scope) => {
  if ((id == null) === (slug == null)) throw badInput('Give either `id` or `slug`.');
  const categories = await tree(scope);
  return (id != null ? categories.byId(id) : categories.bySlug(slug!)) ?? null;
};
