import type { Resolvers } from '../generated/schema.ts';
import { applySeller } from './Mutation/applySeller.ts';
import { approveSeller } from './Mutation/approveSeller.ts';
import { createApiKey } from './Mutation/createApiKey.ts';
import { revokeApiKey } from './Mutation/revokeApiKey.ts';
import { suspendSeller } from './Mutation/suspendSeller.ts';
import { updateSeller } from './Mutation/updateSeller.ts';
import { mySeller } from './Query/mySeller.ts';
import { resolveApiKey } from './Query/resolveApiKey.ts';
import { seller } from './Query/seller.ts';
import { sellerSnapshots } from './Query/sellerSnapshots.ts';
import { sellers } from './Query/sellers.ts';
import { Seller } from './Seller.ts';

export const resolvers: Resolvers = {
  Query: { seller, sellers, mySeller, sellerSnapshots, resolveApiKey },
  Mutation: { applySeller, updateSeller, approveSeller, suspendSeller, createApiKey, revokeApiKey },
  Seller,
};
