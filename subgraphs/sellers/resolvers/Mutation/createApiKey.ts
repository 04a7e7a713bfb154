import { randomBytes } from 'node:crypto';
import { notAllowed } from '@aisle/platform/errors';
import { newId } from '@aisle/platform/ids';
import { checkApiKey, composeKey, MAX_API_KEYS } from '../../domain/api-key.ts';
import type { MutationResolvers } from '../../generated/schema.ts';
import { managedSeller } from '../viewer.ts';

export const createApiKey: NonNullable<MutationResolvers['createApiKey']> = async (_, { input }, scope) => {
  const { caller, clock, ports } = scope;
  const { seller, errors } = await managedSeller(scope, input.sellerId);
  if (!seller) return { errors };
  if (seller.status !== 'APPROVED')
    return { errors: [notAllowed('Only an approved seller can have API keys.', 'sellerId')] };
  const checked = checkApiKey(input);
  if (checked.name === undefined) return { errors: checked.errors };

  const now = clock.now();
  const id = newId('key', undefined, now);
  const { key, prefix, hash } = composeKey(id, randomBytes(32));
  const record = {
    id,
    sellerId: seller.id,
    name: checked.name,
    prefix,
    hash,
    scopes: checked.scopes,
    createdBy: caller.subject,
    createdAt: new Date(now),
    lastUsedAt: null,
    revokedAt: null,
  };
  const apiKey = await ports.apiKeys.add(record, MAX_API_KEYS);
  if (!apiKey) return { errors: [notAllowed(`A seller has at most ${MAX_API_KEYS} live API keys.`)] };
  return { apiKey, secret: key, errors: [] };
};
