import { decideRevoke } from '../../domain/roles.ts';
import type { MutationResolvers } from '../../generated/schema.ts';
import { changeRoles, requireAdmin } from '../change-roles.ts';
import { endSessions } from '../session-tokens.ts';
import { fromWire } from '../user-role.ts';

export const revokeRole: NonNullable<MutationResolvers['revokeRole']> = async (_, { input }, scope) => {
  const by = await requireAdmin(scope);
  const role = fromWire(input.role);
  const { userId } = input;
  const decide = (account: Parameters<typeof decideRevoke>[0]) => decideRevoke(account, role, by);
  const request = { userId, role, granted: false, by };
  const { user, changed, errors } = await changeRoles(
    scope.ports.accounts,
    request,
    decide,
    scope.clock.now(),
  );
  if (changed) await endSessions(scope, userId, `role ${role} was taken away`);
  return user ? { user, errors } : { errors };
};
