import type { CategoryResolvers } from '../generated/schema.ts';
import { productPage } from './connection.ts';
import { andThen, tree } from './loaders.ts';

export const Category: CategoryResolvers = {
  __resolveReference: ({ id }, scope) => andThen(tree(scope), (categories) => categories.byId(id) ?? null),
  parent: ({ parentId }, _, scope) =>
    parentId === null ? null : andThen(tree(scope), (categories) => categories.byId(parentId) ?? null),
  path: ({ path }, _, scope) =>
    andThen(tree(scope), (categories) => path.flatMap((id) => categories.byId(id) ?? [])),
  children: ({ children }, _, scope) =>
    andThen(tree(scope), (categories) => children.flatMap((id) => categories.byId(id) ?? [])),
  products: ({ id }, args, scope) => productPage(scope, { categoryId: id }, args),
};
