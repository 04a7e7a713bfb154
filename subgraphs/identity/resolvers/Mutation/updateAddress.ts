import { notFound } from '@aisle/platform/errors';
import { checkAddress } from '../../domain/address.ts';
import type { MutationResolvers } from '../../generated/schema.ts';
import { signedIn } from '../viewer.ts';

export const updateAddress: NonNullable<MutationResolvers['updateAddress']> = async (_, { input }, scope) => {
  const { subject, region } = await signedIn(scope);
  const { addresses } = scope.ports;
  const { id, ...change } = input;
  const present = await addresses.find(id);
  // A foreign address and none at all look the same.
  if (present?.userId !== subject) return { errors: [notFound('You have no such address.', 'id')] };
  const { fields, errors } = checkAddress(change, region, present);
  if (!fields) return { errors };
  const address = await addresses.update(id, subject, fields);
  return address ? { address, errors: [] } : { errors: [notFound('You have no such address.', 'id')] };
};
