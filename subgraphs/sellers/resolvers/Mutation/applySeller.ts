import { newId } from '@aisle/platform/ids';
import { checkProfile } from '../../domain/profile.ts';
import { alreadySeller, nameTaken } from '../../domain/refusal.ts';
import type { Seller } from '../../domain/seller.ts';
import type { MutationResolvers } from '../../generated/schema.ts';
import { requirePerson } from '../viewer.ts';

export const applySeller: NonNullable<MutationResolvers['applySeller']> = async (_, { input }, scope) => {
  const { subject: ownerId, region } = requirePerson(scope);
  const { ports, clock } = scope;
  const { profile, errors } = checkProfile(input);
  if (!profile) return { errors };
  const now = clock.now();
  const seller: Seller = {
    ...profile,
    id: newId('sel', undefined, now),
    status: 'PENDING',
    ownerId,
    region,
    feeBps: ports.defaultFeeBps,
    suspensionReason: null,
    version: 1,
    createdAt: new Date(now),
    approvedAt: null,
  };
  const outcome = await ports.sellers.add(seller);
  if (outcome === 'added') return { seller, errors: [] };
  const owned = await ports.sellers.findByOwner(ownerId);
  return { errors: [owned ? alreadySeller(owned.id) : nameTaken()] };
};
