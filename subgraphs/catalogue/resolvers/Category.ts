import type { CategoryResolvers } from '../generated/schema.ts';
import { productPage } from './connection.ts';
import { tree } from './loaders.ts';

export const Category: CategoryResolvers = {
  __resolveReference: async ({ id }, scope) => (await tree(scope)).byId(id) ?? null,
  async parent({ parentId }, _, scope) {
    return parentId === null ? null : ((await tree(scope)).byId(parentId) ?? null);
  },
  async path({ path }, _, scope) {
    const categories = await tree(scope);
    return path.flatMap((id) => categories.byId(id) ?? []);
  },
  async children({ children }, _, scope) {
    const categories = await tree(scope);
    return children.flatMap((id) => categories.byId(id) ?? []);
  },
  products: ({ id }, args, scope) => productPage(scope, { categoryId: id }, args),
};
