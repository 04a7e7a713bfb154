import { z } from '@aisle/platform/config';

const region = z.enum(['us', 'eu', 'gb', 'in', 'br']);

/** Data of each event this context publishes. Within a version they only grow: the schema check holds them to that. */
export const EVENTS = {
  'StockUpdated.v1': z.object({
    sku: z.string(),
    region,
    available: z.int(),
    onHand: z.int(),
    held: z.int(),
    sold: z.int(),
    version: z.int(),
  }),
  'StockLow.v1': z.object({ sku: z.string(), region, available: z.int(), version: z.int() }),
} as const;
