import { notAllowed } from '@aisle/platform/errors';
import { newId } from '@aisle/platform/ids';
import { checkAddress, MAX_ADDRESSES } from '../../domain/address.ts';
import type { MutationResolvers } from '../../generated/schema.ts';
import { signedIn } from '../viewer.ts';

export const addAddress: NonNullable<MutationResolvers['addAddress']> = async (_, { input }, scope) => {
  const { subject: userId, region } = await signedIn(scope);
  const { fields, errors } = checkAddress(input, region);
  if (!fields) return { errors };
  const now = scope.clock.now();
  const added = {
    id: newId('adr', region, now),
    userId,
    fields,
    makeDefault: input.makeDefault ?? false,
    now: new Date(now),
  };
  const address = await scope.ports.addresses.add(added, MAX_ADDRESSES);
  if (address) return { address, errors: [] };
  return { errors: [notAllowed(`An account keeps at most ${MAX_ADDRESSES} addresses.`)] };
};
