import { setTimeout as sleep } from 'node:timers/promises';

export interface UntilOptions {
  /** Longest wait, milliseconds. @default 5 000 */
  ms?: number;
  /** Between two looks, milliseconds. @default 20 */
  every?: number;
  /** What was waited for, for the failure's message. */
  what?: string;
}

/**
 * Waits until `look` gives something truthy and returns that. A `look` that throws counts as "not yet"; the last
 * such error is the cause of the failure.
 * @throws after `ms`, saying what was waited for
 */
export async function until<T>(
  look: () => T | Promise<T>,
  { ms = 5_000, every = 20, what = 'the condition' }: UntilOptions = {},
): Promise<NonNullable<T>> {
  const deadline = performance.now() + ms;
  let cause: unknown;
  let last: unknown;
  do {
    try {
      const value = await look();
      if (value) return value;
      last = value;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    await sleep(every);
  } while (performance.now() < deadline);
  const seen = cause instanceof Error ? cause.message : `last seen: ${String(last)}`;
  throw new Error(`${what} did not come about within ${ms} ms (${seen})`, { cause });
}
