import { z } from '@aisle/platform/config';

const region = z.enum(['us', 'eu', 'gb', 'in', 'br']);
const money = z.object({ currency: z.string().length(3), minor: z.int() });

/** Data of each event this context publishes. Within a version they only grow: the schema check holds them to that. */
export const EVENTS = {
  'PriceChanged.v1': z.object({
    sku: z.string(),
    region,
    price: money,
    taxClass: z.enum(['STANDARD', 'REDUCED', 'ZERO']),
    version: z.int(),
  }),
} as const;
