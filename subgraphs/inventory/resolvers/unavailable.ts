import { errorFields, type Log } from '@aisle/platform/log';
import { isStoreDown } from '@aisle/platform/stores';
import { type Refusal, unavailableNow } from '../domain/refusal.ts';
import { StockUnavailable } from '../store/index.ts';

export const isStockDown = (error: unknown): boolean =>
  error instanceof StockUnavailable || isStoreDown(error);

/** Turns "a store is down" into the typed refusal. Other surprises go on. */
export async function orUnavailable<T>(
  log: Log,
  work: () => Promise<T>,
  refuse: (refusal: Refusal) => T,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isStockDown(error)) throw error;
    log.warn('stock is unavailable', errorFields(error));
    return refuse(unavailableNow());
  }
}
