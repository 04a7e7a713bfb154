import { z } from '@aisle/platform/config';

/** Data of each event this context publishes. Within a version they only grow: the schema check holds them to that. */
export const EVENTS = {
  'CartAbandoned.v1': z.object({
    cartId: z.string(),
    owner: z.string(),
    lines: z.array(z.object({ sku: z.string(), quantity: z.int() })),
  }),
} as const;
