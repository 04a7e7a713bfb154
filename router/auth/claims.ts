import { type Caller, REGIONS, ROLES } from '@aisle/platform/identity';
import { z } from 'zod';

/**
 * The claims of an access token. Of an issuer that knows nothing of Aisle, `sub` and `exp` will do, and `scope` (RFC 9068: words apart by spaces; or a list) for `@requiresScopes`. A claim
 * that is there has to be right; unknown ones are ignored.
 */
const claims = z.object({
  sub: z.string().min(1).max(128),
  kind: z.enum(['guest', 'user']).default('user'),
  roles: z
    .array(z.enum(ROLES).exclude(['service']))
    .max(ROLES.length)
    .default([]),
  region: z.enum(REGIONS).default('us'),
  scope: z.union([z.string(), z.array(z.string())]).optional(),
  seller: z.string().min(1).max(128).optional(),
  sid: z.string().min(1).max(128).optional(),
  exp: z.number().int().positive(),
});

/** A verified token's payload as a caller; `undefined` when it is no access token of ours. No token can make a caller a service. */
export function callerOf(payload: unknown): Caller | undefined {
  const parsed = claims.safeParse(payload);
  if (!parsed.success) return undefined;
  const { sub, kind, roles, region, scope, seller, sid, exp } = parsed.data;
  return {
    kind,
    subject: sub,
    roles,
    region,
    expiresAt: exp,
    ...(seller !== undefined && { sellerId: seller }),
    ...(sid !== undefined && { sessionId: sid }),
    ...(scope !== undefined && { scopes: scopesOf(scope) }),
  };
}

/** What begins with `role:` is said by `roles` alone. */
function scopesOf(scope: string | readonly string[]): string[] {
  const words = typeof scope === 'string' ? scope.split(' ') : scope;
  return [...new Set(words)].filter((word) => word !== '' && !word.startsWith('role:'));
}
