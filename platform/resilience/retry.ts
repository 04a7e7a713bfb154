export interface RetryOptions {
  /** Tries after the first. @default 2 */
  readonly retries?: number;
  /** Base of the exponential wait, milliseconds. @default 50 */
  readonly baseMs?: number;
  /** Longest single wait, milliseconds. @default 2 000 */
  readonly maxMs?: number;
}

/**
 * Milliseconds to wait before try `attempt` (1 is the first retry): full jitter, uniform between 0 and
 * min(maxMs, baseMs · 2^(attempt−1)). Source: AWS Architecture Blog, "Exponential Backoff And Jitter".
 */
export function backoff(attempt: number, random: () => number, options: RetryOptions = {}): number {
  const { baseMs = 50, maxMs = 2_000 } = options;
  return Math.floor(random() * Math.min(maxMs, baseMs * 2 ** Math.min(attempt - 1, 30)));
}

export interface RetryBudget {
  /** Every first try earns a share of a retry. */
  earn(): void;
  /** False when the retries of late exceed the share: a struggling callee is not hit harder. */
  spend(): boolean;
  readonly balance: number;
}

/**
 * At most `ratio` retries per first try over time, with a small reserve so that a quiet client can still retry.
 * @param ratio share of calls that may be retries. Default 0.1
 * @param reserve retries saved up at most, and at the start. Default 10
 */
export function createRetryBudget(ratio = 0.1, reserve = 10): RetryBudget {
  let balance = reserve;
  return {
    earn() {
      if (balance < reserve) balance = Math.min(reserve, balance + ratio);
    },
    spend() {
      // Ten times 0.1 is a little less than 1 in floating point.
      if (balance < 1 - 1e-9) return false;
      balance = Math.max(0, balance - 1);
      return true;
    },
    get balance() {
      return balance;
    },
  };
}
