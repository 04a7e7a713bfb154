import { within } from '@aisle/platform/resilience';

/** Redis answers in well under a millisecond or is not there; nobody waits longer than this for it (milliseconds). */
const PATIENCE_MS = 500;

/** @throws when Redis takes longer than that. */
export function patiently<T>(answer: Promise<T>): Promise<T> {
  return within(PATIENCE_MS, answer, () => new Error('Redis did not answer in time.'));
}
