import { z } from '@aisle/platform/config';

const region = z.enum(['us', 'eu', 'gb', 'in', 'br']);

/** Data of each event this context publishes. Within a version they only grow: the schema check holds them to that. */
export const EVENTS = {
  'UserRegistered.v1': z.object({ userId: z.string(), region, roles: z.array(z.string()) }),
} as const;
