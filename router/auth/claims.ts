import { type Caller, REGIONS, ROLES } from '@aisle/platform/identity';
import { z } from 'zod';

/** The claims of an access token; the identity context issues them, no one else. Unknown claims are ignored. */
const claims = z.object({
  sub: z.string().min(1).max(128),
  kind: z.enum(['guest', 'user']),
  roles: z.array(z.enum(ROLES).exclude(['service'])).max(ROLES.length),
  region: z.enum(REGIONS),
  seller: z.string().min(1).max(128).optional(),
  sid: z.string().min(1).max(128).optional(),
  exp: z.number().int().positive(),
});

/** A verified token's payload as a caller; `undefined` when it is no access token of ours. No token can make a caller a service. */
export function callerOf(payload: unknown): Caller | undefined {
  const parsed = claims.safeParse(payload);
  if (!parsed.success) return undefined;
  const { sub, kind, roles, region, seller, sid, exp } = parsed.data;
  return {
    kind,
    subject: sub,
    roles,
    region,
    expiresAt: exp,
    ...(seller !== undefined && { sellerId: seller }),
    ...(sid !== undefined && { sessionId: sid }),
  };
}
