import { z } from '@aisle/platform/config';

/** Data of each event this context publishes. Within a version they only grow: the schema check holds them to that. */
export const EVENTS = {
  'ProductChanged.v1': z.object({
    productId: z.string(),
    sellerId: z.string(),
    skus: z.array(z.string()),
    withdrawn: z.boolean(),
    version: z.int(),
  }),
  'ProductWithdrawn.v1': z.object({ productId: z.string(), skus: z.array(z.string()) }),
} as const;
