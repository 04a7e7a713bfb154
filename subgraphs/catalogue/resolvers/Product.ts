import { leafCategory } from '../domain/product.ts';
import type { ProductResolvers } from '../generated/schema.ts';
import { brands, productById, tree } from './loaders.ts';

export const Product: ProductResolvers = {
  __resolveReference: ({ id }, scope) => productById(scope, id),
  async brand({ brandId }, _, scope) {
    return brandId === null ? null : ((await brands(scope)).byId(brandId) ?? null);
  },
  async category(product, _, scope) {
    const id = leafCategory(product);
    const node = (await tree(scope)).byId(id);
    if (!node) throw new Error(`Product ${product.id} stands in category ${id}, which does not exist.`);
    return node;
  },
  seller: ({ sellerId }) => ({ id: sellerId }),
  variants: (product) => product.variants.map((variant) => ({ product, variant })),
  media: (product) => product.variants.map((variant) => ({ product, variant })),
  createdAt: ({ createdAt }) => new Date(createdAt).toISOString(),
  updatedAt: ({ updatedAt }) => new Date(updatedAt).toISOString(),
};
