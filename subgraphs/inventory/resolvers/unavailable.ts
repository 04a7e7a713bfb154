import { errorFields, type Log } from '@aisle/platform/log';
import { type Refusal, unavailableNow } from '../domain/refusal.ts';
import { StockUnavailable } from '../store/live.ts';

/** What PostgreSQL (or its driver) says when it is down, going down, coming up, or cannot be reached. */
const DOWN = /^(08\w{3}|57P0[123]|53300|57014|ECONN\w+|EPIPE|ETIMEDOUT|ENOTFOUND)$/;
const DOWN_MESSAGE =
  /connection terminated|timeout exceeded when trying to connect|client has encountered a connection error/i;

export function isStoreDown(error: unknown): boolean {
  if (error instanceof StockUnavailable) return true;
  if (!(error instanceof Error)) return false;
  return DOWN.test(String((error as { code?: unknown }).code ?? '')) || DOWN_MESSAGE.test(error.message);
}

/** Turns "a store is down" into the typed refusal. Other surprises go on. */
export async function orUnavailable<T>(
  log: Log,
  work: () => Promise<T>,
  refuse: (refusal: Refusal) => T,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isStoreDown(error)) throw error;
    log.warn('stock is unavailable', errorFields(error));
    return refuse(unavailableNow());
  }
}
