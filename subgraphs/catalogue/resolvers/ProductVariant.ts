import { variantLabel } from '../domain/product.ts';
import type { ProductVariantResolvers } from '../generated/schema.ts';
import { variantBySku } from './loaders.ts';

export const ProductVariant: ProductVariantResolvers = {
  __resolveReference: ({ sku }, scope) => variantBySku(scope, sku),
  sku: ({ variant }) => variant.sku,
  label: ({ variant }) => variantLabel(variant),
  title: ({ product, variant }) => `${product.title}, ${variantLabel(variant)}`,
  gtin: ({ variant }) => variant.gtin,
  size: ({ variant }) => variant.size,
  packs: ({ variant }) => variant.packs,
  image: (parent) => parent,
  withdrawn: ({ product }) => product.withdrawn,
};
