import type { AisleEvent } from '@aisle/platform/bus';
import { z } from '@aisle/platform/config';
import { handleOnce } from '@aisle/platform/inbox';
import type { Platform } from '@aisle/platform/service';
import type { Ports } from '../store/index.ts';

const productChanged = z.object({ sellerId: z.string(), skus: z.array(z.string()).max(1_000) });

/** ProductChanged tells whose goods a variant is, and so who may set its price. */
async function learnSeller(event: AisleEvent, _ports: Ports, platform: Platform): Promise<void> {
  const { sellerId, skus } = productChanged.parse(event.data);
  await handleOnce(
    platform.databases().global,
    event,
    async (tx) => {
      await tx.query(
        `INSERT INTO variant_sellers (sku, seller_id) SELECT unnest($1::text[]), $2
         ON CONFLICT (sku) DO UPDATE SET seller_id = excluded.seller_id`,
        [skus, sellerId],
      );
    },
    { latestOnly: true },
  );
}

export const consumed = { 'ProductChanged.v1': learnSeller };
