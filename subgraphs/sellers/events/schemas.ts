import { z } from '@aisle/platform/config';

const region = z.enum(['us', 'eu', 'gb', 'in', 'br']);

/** Data of each event this context publishes. Within a version they only grow: the schema check holds them to that. */
export const EVENTS = {
  'SellerApproved.v1': z.object({ sellerId: z.string(), name: z.string(), ownerId: z.string(), region }),
  'SellerSuspended.v1': z.object({ sellerId: z.string(), ownerId: z.string(), region }),
} as const;
