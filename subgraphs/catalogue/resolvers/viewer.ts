import { unauthenticated } from '@aisle/platform/errors';
import { type Caller, hasScope } from '@aisle/platform/identity';

export function isStaff({ kind, roles }: Caller): boolean {
  return kind === 'user' && (roles.includes('staff') || roles.includes('admin'));
}

/** The seller whose goods the caller may change, if any. */
export function ownSeller(caller: Caller): string | undefined {
  const { kind, roles, sellerId } = caller;
  return kind === 'user' && roles.includes('seller') && hasScope(caller, 'CATALOGUE_WRITE')
    ? sellerId
    : undefined;
}

/** @throws UNAUTHENTICATED for visitors and guests */
export function requireUser(caller: Caller): void {
  if (caller.kind !== 'user') throw unauthenticated();
}
