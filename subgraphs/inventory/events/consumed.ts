import type { AisleEvent } from '@aisle/platform/bus';
import { z } from '@aisle/platform/config';
import type { Ports } from '../store/index.ts';

const productChanged = z.object({
  productId: z.string().min(1),
  sellerId: z.string().min(1),
  skus: z.array(z.string().min(1)).max(1_000),
  version: z.number().int().nonnegative(),
});

/** Whose a variant is. Idempotent and never goes back in version, so it needs no inbox. */
async function learnOwners({ data }: AisleEvent, { owners }: Ports): Promise<void> {
  const { productId, sellerId, skus, version } = productChanged.parse(data);
  if (skus.length > 0) await owners.learn(skus.map((sku) => ({ sku, sellerId, productId, version })));
}

export const consumed = { 'ProductChanged.v1': learnOwners };
