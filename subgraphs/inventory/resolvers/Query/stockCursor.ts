import { unavailable } from '@aisle/platform/errors';
import type { QueryResolvers } from '../../generated/schema.ts';
import { followedSkus } from '../followed-skus.ts';
import { isStockDown } from '../unavailable.ts';

export const stockCursor: NonNullable<QueryResolvers['stockCursor']> = async (
  _,
  { skus, region },
  { caller, ports },
) => {
  const wanted = followedSkus(skus);
  try {
    return await ports.changes.now(region ?? caller.region, wanted);
  } catch (error) {
    if (isStockDown(error)) throw unavailable('Stock cannot be followed just now.', error);
    throw error;
  }
};
