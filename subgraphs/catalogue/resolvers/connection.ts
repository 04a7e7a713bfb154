import type { Scope } from '@aisle/platform/service';
import { type ListQuery, type PageArguments, type ProductSort, pageOf } from '../domain/product-list.ts';
import type { Ports } from '../store/index.ts';
import type { ProductConnection } from './models.ts';

type Where = Partial<Pick<ListQuery, 'categoryId' | 'sellerId' | 'brandId' | 'dietary' | 'withdrawn'>>;

/** One page of products, from the cache when it was asked for before. @throws BAD_USER_INPUT for a wrong page */
export async function productPage(
  scope: Scope<Ports>,
  where: Where,
  args: PageArguments & { readonly sort: ProductSort },
): Promise<ProductConnection> {
  const { sort } = args;
  const page = await scope.ports.reads.page({
    categoryId: null,
    sellerId: null,
    brandId: null,
    withdrawn: false,
    ...where,
    dietary: [...new Set(where.dietary ?? [])].sort(),
    sort,
    ...pageOf(args, sort),
  });
  return { ...page, sort };
}

/** A page of nothing: what a filter gives that names something unknown. */
export const emptyPage = (sort: ProductSort): ProductConnection => ({
  nodes: [],
  hasNextPage: false,
  hasPreviousPage: false,
  sort,
});
