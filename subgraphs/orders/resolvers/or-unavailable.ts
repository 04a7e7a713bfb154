import { AisleError } from '@aisle/platform/errors';
import { errorFields } from '@aisle/platform/log';
import type { Scope } from '@aisle/platform/service';
import { isStoreDown } from '@aisle/platform/stores';
import { type Refusal, unavailable } from '../domain/refusal.ts';
import type { Ports } from '../store/index.ts';

const isAway = (error: unknown) =>
  isStoreDown(error) || (error instanceof AisleError && error.code === 'UNAVAILABLE');

/**
 * A mutation whose store is away is refused, typed. Whether it was stored just before the connection broke is not
 * known then; the same key tells, as soon as the store is back.
 */
export async function orUnavailable<Answer>(
  scope: Scope<Ports>,
  work: () => Promise<Answer>,
  refuse: (refusal: Refusal) => Answer,
): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    if (!isAway(error)) throw error;
    scope.log.warn('orders cannot be stored', errorFields(error));
    return refuse(unavailable('Orders do not work at the moment. Please try again with the same key.'));
  }
}
