import { unauthenticated } from '@aisle/platform/errors';
import type { Caller } from '@aisle/platform/identity';

export function isStaff({ kind, roles }: Caller): boolean {
  return kind === 'user' && (roles.includes('staff') || roles.includes('admin'));
}

/** The seller whose goods the caller manages, if any. */
export function ownSeller({ kind, roles, sellerId }: Caller): string | undefined {
  return kind === 'user' && roles.includes('seller') ? sellerId : undefined;
}

/** @throws UNAUTHENTICATED for visitors and guests */
export function requireUser(caller: Caller): void {
  if (caller.kind !== 'user') throw unauthenticated();
}
