import type { Region } from '@aisle/platform/identity';

/** Roles an account can hold. `guest` and `service` of the platform are not accounts. */
export const ACCOUNT_ROLES = ['customer', 'seller', 'staff', 'admin'] as const;
export type AccountRole = (typeof ACCOUNT_ROLES)[number];

/** An account as its region keeps it, without the password hash: nothing that shows a user ever holds that. */
export interface Account {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly region: Region;
  readonly roles: readonly AccountRole[];
  readonly sellerId: string | null;
  /** Grows by one with each change of roles. */
  readonly version: number;
  readonly createdAt: Date;
}

/** Who asks, as far as visibility goes. */
export interface Viewer {
  readonly kind: 'anonymous' | 'guest' | 'user' | 'service';
  readonly subject: string;
  readonly roles: readonly string[];
  /** Absent for whoever acts by an API key: a program is no person and sees none. */
  readonly sessionId?: string;
}

const isPerson = ({ kind, sessionId }: Viewer) => kind === 'user' && sessionId !== undefined;

/** An account is visible to its person and to staff, to nobody else (invariant 10: no other tenant's data by any path). */
export function mayViewUser(viewer: Viewer, userId: string): boolean {
  return isPerson(viewer) && (viewer.subject === userId || isStaff(viewer));
}

export function isStaff(viewer: Viewer): boolean {
  return isPerson(viewer) && (viewer.roles.includes('staff') || viewer.roles.includes('admin'));
}
