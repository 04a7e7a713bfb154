import type { AccountRole } from '../domain/user.ts';
import type { UserRole } from '../generated/schema.ts';

/** Code says `'seller'`, the wire `SELLER`. */
export const fromWire = (role: UserRole): AccountRole => role.toLowerCase() as AccountRole;
export const toWire = (role: AccountRole): UserRole => role.toUpperCase() as UserRole;
