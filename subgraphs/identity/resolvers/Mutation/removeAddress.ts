import { notFound } from '@aisle/platform/errors';
import type { MutationResolvers } from '../../generated/schema.ts';
import { signedIn } from '../viewer.ts';

export const removeAddress: NonNullable<MutationResolvers['removeAddress']> = async (_, { id }, scope) => {
  const { subject } = await signedIn(scope);
  const address = await scope.ports.addresses.remove(id, subject);
  return address
    ? { address, errors: [] }
    : { errors: [{ ...notFound('You have no such address.'), path: ['id'] }] };
};
