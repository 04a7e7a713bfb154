import { badInput } from '@aisle/platform/errors';
import { requireService } from '@aisle/platform/service';
import { leafCategory, variantLabel } from '../../domain/product.ts';
import type { QueryResolvers } from '../../generated/schema.ts';
import { variantBySku } from '../loaders.ts';
import { mediaPath } from '../media-address.ts';

const MAX_SKUS = 500;

export const variantSnapshots: NonNullable<QueryResolvers['variantSnapshots']> = async (
  _,
  { skus },
  scope,
) => {
  requireService(scope, ['cart', 'orders', 'pricing', 'inventory']);
  if (skus.length > MAX_SKUS) throw badInput(`At most ${MAX_SKUS} SKUs.`, { argument: 'skus' });
  const found = await Promise.all([...new Set(skus)].map((sku) => variantBySku(scope, sku)));
  return found.flatMap((entry) => {
    if (!entry) return [];
    const { product, variant } = entry;
    return {
      sku: variant.sku,
      productId: product.id,
      title: `${product.title}, ${variantLabel(variant)}`,
      sellerId: product.sellerId,
      categoryId: leafCategory(product),
      imageUrl: scope.ports.mediaUrl(mediaPath(entry)),
      withdrawn: product.withdrawn,
      version: product.version,
    };
  });
};
