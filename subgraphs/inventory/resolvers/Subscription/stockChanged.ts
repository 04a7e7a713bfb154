import { badInput, unavailable } from '@aisle/platform/errors';
import type { Region } from '@aisle/platform/identity';
import type { SubscriptionResolvers } from '../../generated/schema.ts';
import type { Change } from '../../store/changes.ts';
import { followedSkus } from '../followed-skus.ts';
import type { StockChange } from '../models.ts';
import { isStockDown } from '../unavailable.ts';

export const stockChanged: NonNullable<SubscriptionResolvers['stockChanged']> = {
  async subscribe(_, args, { caller, ports }) {
    const skus = followedSkus(args.skus);
    const region = args.region ?? caller.region;
    const after = args.after ? ports.changes.cursorFor(region, skus, args.after) : undefined;
    if (args.after && !after) throw badInput('This cursor is not of these variants in this region.');
    try {
      return withRegion(await ports.changes.follow(region, skus, after), region);
    } catch (error) {
      if (isStockDown(error) || error instanceof RangeError)
        throw unavailable('Stock cannot be followed just now.', error);
      throw error;
    }
  },
};

function withRegion(
  changes: AsyncIterableIterator<Change>,
  region: Region,
): AsyncIterableIterator<{ stockChanged: StockChange }> {
  const iterator: AsyncIterableIterator<{ stockChanged: StockChange }> = {
    [Symbol.asyncIterator]: () => iterator,
    async next() {
      const { done, value } = await changes.next();
      return done
        ? { done: true, value: undefined }
        : { done: false, value: { stockChanged: { ...value, region } } };
    },
    async return() {
      await changes.return?.();
      return { done: true, value: undefined };
    },
  };
  return iterator;
}
