import { errorFields } from '@aisle/platform/log';
import { requireService } from '@aisle/platform/service';
import { idOfKey, matches } from '../../domain/api-key.ts';
import type { QueryResolvers } from '../../generated/schema.ts';

export const resolveApiKey: NonNullable<QueryResolvers['resolveApiKey']> = async (
  _,
  { key: given },
  scope,
) => {
  requireService(scope, ['router']);
  const { ports, clock, log } = scope;
  const id = idOfKey(given);
  const live = id === undefined ? null : await ports.liveKeys.get(id);
  if (!live || !matches(live.key.hash, given)) return null;
  const { key, seller } = live;
  // Telling when a key was last used is worth no waiting and no failure.
  ports.apiKeys
    .touch(key.id, new Date(clock.now()))
    .catch((error: unknown) => log.warn('use of a key was not noted', errorFields(error)));
  const { id: sellerId, ownerId: userId, region } = seller;
  return { keyId: key.id, sellerId, userId, region, scopes: [...key.scopes], roles: ['seller'] };
};
