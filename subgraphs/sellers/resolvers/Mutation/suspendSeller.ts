import { suspend } from '../../domain/lifecycle.ts';
import { sellerSuspended } from '../../events/published.ts';
import type { MutationResolvers } from '../../generated/schema.ts';
import { saveSeller } from '../save-seller.ts';
import { managedSeller, requireStaff } from '../viewer.ts';

export const suspendSeller: NonNullable<MutationResolvers['suspendSeller']> = async (_, { input }, scope) => {
  requireStaff(scope);
  const { seller, errors } = await managedSeller(scope, input.sellerId);
  if (!seller) return { errors };
  const decision = suspend(seller, input);
  if (decision.kind === 'refused') return { errors: [decision.error] };
  const saved = await saveSeller(scope, decision.seller, [
    sellerSuspended(decision.seller, scope.clock.now()),
  ]);
  // Its keys stop here at once; another process forgets them within seconds.
  scope.ports.liveKeys.clear();
  return saved;
};
