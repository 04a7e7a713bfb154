import type { BrandResolvers } from '../generated/schema.ts';
import { brands } from './loaders.ts';

export const Brand: BrandResolvers = {
  __resolveReference: async ({ id }, scope) => (await brands(scope)).byId(id) ?? null,
};
