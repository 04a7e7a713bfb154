import type { Resolvers } from '../generated/schema.ts';
import { Brand } from './Brand.ts';
import { BrandConnection } from './BrandConnection.ts';
import { Category } from './Category.ts';
import { Media } from './Media.ts';
import { reinstateProduct } from './Mutation/reinstateProduct.ts';
import { upsertProduct } from './Mutation/upsertProduct.ts';
import { withdrawProduct } from './Mutation/withdrawProduct.ts';
import { Product } from './Product.ts';
import { ProductConnection } from './ProductConnection.ts';
import { ProductVariant } from './ProductVariant.ts';
import { brands } from './Query/brands.ts';
import { categories } from './Query/categories.ts';
import { category } from './Query/category.ts';
import { product } from './Query/product.ts';
import { products } from './Query/products.ts';
import { variant } from './Query/variant.ts';
import { variantSnapshots } from './Query/variantSnapshots.ts';
import { Seller } from './Seller.ts';

export const resolvers: Resolvers = {
  Query: { product, variant, products, categories, category, brands, variantSnapshots },
  Mutation: { upsertProduct, withdrawProduct, reinstateProduct },
  Product,
  ProductVariant,
  Category,
  Brand,
  Media,
  Seller,
  ProductConnection,
  BrandConnection,
};
