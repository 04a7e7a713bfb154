import { forbidden, notFound, type Refusal } from '@aisle/platform/errors';
import type { Scope } from '@aisle/platform/service';
import type { RoleDecision } from '../domain/roles.ts';
import type { Account, AccountRole } from '../domain/user.ts';
import type { Ports } from '../store/index.ts';
import { signedIn } from './viewer.ts';

/** Two admins may change the same user at once; the later one decides anew. */
const MAX_TRIES = 5;

/** An admin by their record, not only by their token. @throws UNAUTHENTICATED, FORBIDDEN */
export async function requireAdmin(scope: Scope<Ports>): Promise<string> {
  const { subject, roles } = await signedIn(scope);
  if (!roles.includes('admin')) throw forbidden();
  const account = await scope.ports.accounts.find(subject);
  if (!account?.roles.includes('admin')) throw forbidden();
  return subject;
}

export type RolesResult =
  | { readonly user: Account; readonly changed: boolean; readonly errors: [] }
  | {
      readonly user?: undefined;
      readonly changed: false;
      readonly errors: Refusal<'InvalidInput' | 'NotFound' | 'NotAllowed'>[];
    };

export interface RolesRequest {
  readonly userId: string;
  readonly role: AccountRole;
  readonly granted: boolean;
  /** Who asked: an admin's id, or the event that caused it. */
  readonly by: string;
}

/** Load, decide, save; again when somebody was faster. */
export async function changeRoles(
  accounts: Ports['accounts'],
  { userId, role, granted, by }: RolesRequest,
  decide: (account: Account) => RoleDecision,
  now: number,
): Promise<RolesResult> {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const account = await accounts.find(userId);
    if (!account) return { changed: false, errors: [notFound('There is no such user.', 'userId')] };
    const decision = decide(account);
    if (decision.kind === 'refused') return { changed: false, errors: [decision.error] };
    const { roles, sellerId, changed } = decision;
    if (!changed) return { user: account, changed, errors: [] };
    const user = await accounts.saveRoles(account, { role, granted, roles, sellerId, by, at: new Date(now) });
    if (user) return { user, changed, errors: [] };
  }
  throw new Error(`Roles of ${userId} kept changing.`);
}
