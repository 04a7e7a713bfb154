import { approve } from '../../domain/lifecycle.ts';
import { sellerApproved } from '../../events/published.ts';
import type { MutationResolvers } from '../../generated/schema.ts';
import { saveSeller } from '../save-seller.ts';
import { managedSeller, requireStaff } from '../viewer.ts';

export const approveSeller: NonNullable<MutationResolvers['approveSeller']> = async (_, { input }, scope) => {
  requireStaff(scope);
  const { seller, errors } = await managedSeller(scope, input.sellerId);
  if (!seller) return { errors };
  const now = scope.clock.now();
  const { expectedVersion, feeBps = null } = input;
  const decision = approve(seller, { expectedVersion, feeBps }, new Date(now));
  if (decision.kind === 'refused') return { errors: [decision.error] };
  return saveSeller(scope, decision.seller, [sellerApproved(decision.seller, now)]);
};
