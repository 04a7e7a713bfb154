import { notFound } from '@aisle/platform/errors';
import { mayManage } from '../../domain/seller.ts';
import type { MutationResolvers } from '../../generated/schema.ts';
import { requirePerson } from '../viewer.ts';

export const revokeApiKey: NonNullable<MutationResolvers['revokeApiKey']> = async (_, { id }, scope) => {
  const caller = requirePerson(scope);
  const { apiKeys, liveKeys, sellers } = scope.ports;
  const key = await apiKeys.find(id);
  const seller = key && (await sellers.find(key.sellerId));
  // A stranger's key and none at all look the same.
  if (!seller || !mayManage(caller, seller))
    return { errors: [{ ...notFound('You have no such API key.'), path: ['id'] }] };
  const apiKey = await apiKeys.revoke(id, new Date(scope.clock.now()));
  liveKeys.invalidate(id);
  return { apiKey: apiKey ?? null, errors: [] };
};
