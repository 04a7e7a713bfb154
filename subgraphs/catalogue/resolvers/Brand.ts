import type { BrandResolvers } from '../generated/schema.ts';
import { andThen, brands } from './loaders.ts';

export const Brand: BrandResolvers = {
  __resolveReference: ({ id }, scope) => andThen(brands(scope), (makers) => makers.byId(id) ?? null),
};
