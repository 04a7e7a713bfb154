import type { CategoryNode } from '../domain/category-tree.ts';
import type { Product as ProductState, Variant } from '../domain/product.ts';
import type { Page, ProductSort } from '../domain/product-list.ts';
import type { Brand as BrandState } from '../store/index.ts';

// What resolvers hand to each other for the types of the schema; read by codegen.

export type Product = ProductState;
export interface ProductVariant {
  readonly product: ProductState;
  readonly variant: Variant;
}
export type Category = CategoryNode;
export type Brand = BrandState;
/** A variant's picture. */
export type Media = ProductVariant;
export interface Seller {
  readonly id: string;
}
export interface ProductConnection extends Page<ProductState> {
  readonly sort: ProductSort;
}
export type BrandConnection = Page<BrandState>;
