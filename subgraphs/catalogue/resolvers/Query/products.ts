import { badInput, forbidden } from '@aisle/platform/errors';
import { hasScope } from '@aisle/platform/identity';
import { hasPrefix } from '@aisle/platform/ids';
import type { Scope } from '@aisle/platform/service';
import type { ProductFilter, QueryResolvers } from '../../generated/schema.ts';
import type { Ports } from '../../store/index.ts';
import { emptyPage, productPage } from '../connection.ts';
import { brands, tree } from '../loaders.ts';
import { isStaff } from '../viewer.ts';

const MAX_DIETARY = 8;

export const products: NonNullable<QueryResolvers['products']> = async (_, { filter, ...args }, scope) => {
  const where = await whereOf(filter ?? {}, scope);
  return where ? productPage(scope, where, args) : emptyPage(args.sort);
};

/** The filter with names turned into ids; `null` when it names what does not exist. */
async function whereOf(filter: ProductFilter, scope: Scope<Ports>) {
  const dietary = filter.dietary ?? [];
  if (dietary.length > MAX_DIETARY)
    throw badInput(`At most ${MAX_DIETARY} diets.`, { argument: 'filter.dietary' });
  const withdrawn = filter.includeWithdrawn ?? false;
  const { caller } = scope;
  const own =
    filter.seller != null && caller.sellerId === filter.seller && hasScope(caller, 'CATALOGUE_READ');
  if (withdrawn && !own && !isStaff(caller)) throw forbidden('Withdrawn products are for their seller only.');
  const categories = await tree(scope);
  const makers = await brands(scope);
  const category =
    filter.category == null ? null : (categories.byId(filter.category) ?? categories.bySlug(filter.category));
  const brand = filter.brand == null ? null : (makers.byId(filter.brand) ?? makers.bySlug(filter.brand));
  if (category === undefined || brand === undefined) return null;
  if (filter.seller != null && !hasPrefix(filter.seller, 'sel')) return null;
  return {
    categoryId: category?.id ?? null,
    brandId: brand?.id ?? null,
    sellerId: filter.seller ?? null,
    dietary,
    withdrawn,
  };
}
