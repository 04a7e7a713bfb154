import { z } from '@aisle/platform/config';

const region = z.enum(['us', 'eu', 'gb', 'in', 'br']);
const money = z.object({ currency: z.string().length(3), minor: z.int() });
const bought = z.object({
  orderId: z.string(),
  userId: z.string(),
  region,
  lines: z.array(z.object({ sku: z.string(), quantity: z.int() })),
  total: money,
});

/** Data of each event this context publishes. Within a version they only grow: the schema check holds them to that. */
export const EVENTS = {
  'OrderPlaced.v1': bought,
  'OrderConfirmed.v1': bought,
  'OrderCancelled.v1': z.object({ orderId: z.string(), userId: z.string(), region, reason: z.string() }),
} as const;
