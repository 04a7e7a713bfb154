import { leafCategory } from '../domain/product.ts';
import type { ProductResolvers } from '../generated/schema.ts';
import { andThen, brands, productById, tree } from './loaders.ts';

export const Product: ProductResolvers = {
  __resolveReference: ({ id }, scope) => productById(scope, id),
  brand: ({ brandId }, _, scope) =>
    brandId === null ? null : andThen(brands(scope), (makers) => makers.byId(brandId) ?? null),
  category: (product, _, scope) =>
    andThen(tree(scope), (categories) => {
      const id = leafCategory(product);
      const node = categories.byId(id);
      if (!node) throw new Error(`Product ${product.id} stands in category ${id}, which does not exist.`);
      return node;
    }),
  seller: ({ sellerId }) => ({ id: sellerId }),
  variants: (product) => product.variants.map((variant) => ({ product, variant })),
  media: (product) => product.variants.map((variant) => ({ product, variant })),
  createdAt: ({ createdAt }) => new Date(createdAt).toISOString(),
  updatedAt: ({ updatedAt }) => new Date(updatedAt).toISOString(),
};
