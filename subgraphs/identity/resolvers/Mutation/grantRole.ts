import { decideGrant } from '../../domain/roles.ts';
import type { MutationResolvers } from '../../generated/schema.ts';
import { changeRoles, requireAdmin } from '../change-roles.ts';
import { fromWire } from '../user-role.ts';

export const grantRole: NonNullable<MutationResolvers['grantRole']> = async (_, { input }, scope) => {
  const by = await requireAdmin(scope);
  const role = fromWire(input.role);
  const { userId, sellerId = null } = input;
  const decide = (account: Parameters<typeof decideGrant>[0]) => decideGrant(account, { role, sellerId });
  const { user, errors } = await changeRoles(
    scope.ports.accounts,
    { userId, role, granted: true, by },
    decide,
    scope.clock.now(),
  );
  return user ? { user, errors } : { errors };
};
