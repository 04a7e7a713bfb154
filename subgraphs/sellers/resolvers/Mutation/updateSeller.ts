import { versionConflict } from '@aisle/platform/errors';
import { checkProfile } from '../../domain/profile.ts';
import type { MutationResolvers } from '../../generated/schema.ts';
import { saveSeller } from '../save-seller.ts';
import { managedSeller } from '../viewer.ts';

export const updateSeller: NonNullable<MutationResolvers['updateSeller']> = async (_, { input }, scope) => {
  const { sellerId, expectedVersion, ...change } = input;
  const { seller, errors } = await managedSeller(scope, sellerId);
  if (!seller) return { errors };
  if (seller.version !== expectedVersion)
    return { errors: [versionConflict(expectedVersion, seller.version)] };
  const checked = checkProfile(change, seller);
  if (!checked.profile) return { errors: checked.errors };
  return saveSeller(scope, { ...seller, ...checked.profile, version: seller.version + 1 });
};
