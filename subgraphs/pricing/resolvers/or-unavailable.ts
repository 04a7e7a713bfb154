import { AisleError, unavailable } from '@aisle/platform/errors';
import { isStoreDown } from '@aisle/platform/stores';

const isDown = (error: unknown) =>
  isStoreDown(error) || (error instanceof AisleError && error.code === 'UNAVAILABLE');

/** @throws UNAVAILABLE instead of what a database that is down says */
export async function reading<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw isDown(error) ? unavailable('Prices cannot be read just now. Try again.', error) : error;
  }
}

/** What `work` gives, or `refusal()` when a database is down. */
export async function orUnavailable<T, R>(work: () => Promise<T>, refusal: () => R): Promise<T | R> {
  try {
    return await work();
  } catch (error) {
    if (isDown(error)) return refusal();
    throw error;
  }
}
