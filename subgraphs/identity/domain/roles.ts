import { invalidInput, notAllowed, type Refusal } from '@aisle/platform/errors';
import { hasPrefix } from '@aisle/platform/ids';
import { ACCOUNT_ROLES, type Account, type AccountRole } from './user.ts';

export interface RoleChange {
  readonly role: AccountRole;
  readonly sellerId?: string | null;
}

/** The roles after a decision; `changed` is false when they already were so. */
export type RoleDecision =
  | {
      readonly kind: 'decided';
      readonly changed: boolean;
      readonly roles: AccountRole[];
      readonly sellerId: string | null;
    }
  | { readonly kind: 'refused'; readonly error: Refusal<'InvalidInput' | 'NotAllowed'> };

const ordered = (roles: Iterable<AccountRole>): AccountRole[] => {
  const held = new Set(roles);
  return ACCOUNT_ROLES.filter((role) => held.has(role));
};

/** A person manages at most one seller; which one is part of the role. */
export function decideGrant(
  account: Pick<Account, 'roles' | 'sellerId'>,
  { role, sellerId }: RoleChange,
): RoleDecision {
  if (role !== 'seller' && sellerId)
    return {
      kind: 'refused',
      error: invalidInput('Only the role SELLER goes with a seller.', 'sellerId'),
    };
  if (role === 'seller') {
    if (!sellerId || !hasPrefix(sellerId, 'sel'))
      return {
        kind: 'refused',
        error: invalidInput('The role SELLER needs the id of a seller.', 'sellerId'),
      };
    if (account.roles.includes('seller') && account.sellerId !== sellerId)
      return {
        kind: 'refused',
        error: notAllowed('This user already manages another seller.', 'sellerId'),
      };
  }
  return {
    kind: 'decided',
    changed: !account.roles.includes(role),
    roles: ordered([...account.roles, role]),
    sellerId: role === 'seller' ? (sellerId ?? null) : account.sellerId,
  };
}

/** Everybody stays a customer, and an admin cannot lock the door behind themself. */
export function decideRevoke(
  account: Pick<Account, 'id' | 'roles' | 'sellerId'>,
  role: AccountRole,
  by: string,
): RoleDecision {
  if (role === 'customer')
    return {
      kind: 'refused',
      error: invalidInput('The role CUSTOMER cannot be taken away.', 'role'),
    };
  if (role === 'admin' && account.id === by)
    return {
      kind: 'refused',
      error: notAllowed('Admins cannot take the role from themselves.', 'role'),
    };
  return {
    kind: 'decided',
    changed: account.roles.includes(role),
    roles: ordered(account.roles.filter((held) => held !== role)),
    sellerId: role === 'seller' ? null : account.sellerId,
  };
}
