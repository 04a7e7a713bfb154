import type { AisleEvent } from '@aisle/platform/bus';
import { z } from '@aisle/platform/config';
import { REGIONS } from '@aisle/platform/identity';
import { handleOnce } from '@aisle/platform/inbox';
import type { Platform } from '@aisle/platform/service';
import type { Ports } from '../store/index.ts';

const productWithdrawn = z.object({
  productId: z.string().min(1),
  skus: z.array(z.string().min(1)).max(1_000),
});

/** Followers of carts that hold it are told; the carts stay as they are, and checkout refuses it. */
async function tellFollowers(event: AisleEvent, { changes }: Ports, platform: Platform): Promise<void> {
  const { skus } = productWithdrawn.parse(event.data);
  if (skus.length === 0) return;
  await handleOnce(platform.databases().global, event, async () => {
    for (const region of REGIONS) await changes.withdrawn(region, skus);
  });
}

export const consumed = { 'ProductWithdrawn.v1': tellFollowers };
