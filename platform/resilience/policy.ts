import { type Clock, systemClock } from '../clock/index.ts';
import type { Meter } from '../telemetry/index.ts';
import { type BreakerOptions, type BreakerState, type CallOutcome, createBreaker } from './breaker.ts';
import { type BulkheadOptions, createBulkhead } from './bulkhead.ts';
import { pause, withDeadline } from './deadline.ts';
import { RejectedError } from './errors.ts';
import { observePolicy } from './observe.ts';
import { backoff, createRetryBudget, type RetryBudget, type RetryOptions } from './retry.ts';
import { systemTimers, type Timers } from './timers.ts';

export interface PolicyOptions {
  /** What is called, e.g. `command:pricing` or `psp`: in messages and metric labels. */
  readonly name: string;
  /** Milliseconds for the call with its retries and waits. @default 5 000 */
  readonly timeoutMs?: number;
  /** Milliseconds for one try; without it a try may take all that is left. */
  readonly attemptTimeoutMs?: number;
  /** A number of retries, or how to wait between them. @default 2 */
  readonly retries?: number | RetryOptions;
  /** False for none. @default 5 failures, 30 s */
  readonly breaker?: BreakerOptions | false;
  /** False for none. @default 64 at once */
  readonly bulkhead?: BulkheadOptions | false;
  /** Whether an error is the callee's fault: counted by the breaker. @default every error */
  readonly isFailure?: (error: unknown) => boolean;
  /** Whether another try may help. @default `isFailure` */
  readonly isRetryable?: (error: unknown) => boolean;
  /** Shared between policies of one callee when given. */
  readonly budget?: RetryBudget;
  readonly clock?: Clock;
  readonly timers?: Timers;
  /** Uniform in [0, 1). @default Math.random */
  readonly random?: () => number;
  readonly meter?: Meter;
}

export interface RunOptions {
  /** Retried only when the callee answers the same to the same call. @default false */
  readonly idempotent?: boolean;
  /** Milliseconds for this call with its retries, instead of the policy's. */
  readonly timeoutMs?: number | undefined;
  /** Epoch milliseconds that no try may pass. */
  readonly deadline?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface Policy {
  readonly name: string;
  /** `undefined` when it has no breaker. */
  readonly breakerState: BreakerState | undefined;
  /** Calls in the bulkhead now. */
  readonly load: { readonly running: number; readonly waiting: number };
  /** @throws RejectedError when refused or out of time; otherwise what the task threw last. */
  run<T>(task: (signal: AbortSignal, attempt: number) => Promise<T>, options?: RunOptions): Promise<T>;
}

const always = () => true;

/** Deadline around retries around breaker around bulkhead around one try: what every call to another process goes through. */
export function policy(options: PolicyOptions): Policy {
  const {
    name,
    timeoutMs = 5_000,
    attemptTimeoutMs,
    clock = systemClock,
    timers = systemTimers,
    random = Math.random,
  } = options;
  const { isFailure = always, isRetryable = isFailure } = options;
  const retry: RetryOptions =
    typeof options.retries === 'number' ? { retries: options.retries } : (options.retries ?? {});
  const maxRetries = retry.retries ?? 2;
  const budget = options.budget ?? createRetryBudget();
  const breaker = options.breaker === false ? undefined : createBreaker(name, options.breaker, clock);
  const bulkhead =
    options.bulkhead === false
      ? undefined
      : createBulkhead(name, options.bulkhead ?? { limit: 64 }, clock, timers);
  const metrics = options.meter && observePolicy(options.meter, { name, breaker, bulkhead });

  async function attempt<T>(
    task: (signal: AbortSignal, attempt: number) => Promise<T>,
    number: number,
    end: number,
    signal: AbortSignal | undefined,
  ): Promise<T> {
    const place = bulkhead?.acquire({ deadline: end, signal });
    if (place) await place;
    let settle: ((outcome: CallOutcome) => void) | undefined;
    try {
      // A call that is late before it begins says nothing about the callee.
      if (clock.now() >= end) throw new RejectedError(name, 'deadline', `${name} did not end in time.`);
      // Asked after the wait for a place: what was closed then may be open by now.
      settle = breaker?.enter();
      const until = attemptTimeoutMs === undefined ? end : Math.min(end, clock.now() + attemptTimeoutMs);
      const result = await withDeadline((inner) => task(inner, number), {
        deadline: until,
        signal,
        name,
        clock,
        timers,
      });
      settle?.('success');
      return result;
    } catch (error) {
      settle?.(signal?.aborted ? 'cancelled' : isFailure(error) ? 'failure' : 'success');
      throw error;
    } finally {
      bulkhead?.release();
    }
  }

  /** Milliseconds to wait before another try, or undefined when there is none. */
  function nextWait(error: unknown, number: number, end: number, run: RunOptions): number | undefined {
    if (!run.idempotent || number >= maxRetries || run.signal?.aborted) return undefined;
    if (error instanceof RejectedError && error.policy === name && error.reason !== 'deadline')
      return undefined;
    if (!isRetryable(error)) return undefined;
    const wait = backoff(number + 1, random, retry);
    return clock.now() + wait < end && budget.spend() ? wait : undefined;
  }

  return {
    name,
    get breakerState() {
      return breaker?.state;
    },
    get load() {
      return { running: bulkhead?.running ?? 0, waiting: bulkhead?.waiting ?? 0 };
    },
    async run(task, run = {}) {
      const limit = clock.now() + (run.timeoutMs ?? timeoutMs);
      const end = run.deadline === undefined ? limit : Math.min(limit, run.deadline);
      budget.earn();
      for (let number = 0; ; number++) {
        try {
          return await attempt(task, number, end, run.signal);
        } catch (error) {
          const wait = nextWait(error, number, end, run);
          if (wait === undefined) {
            if (error instanceof RejectedError)
              metrics?.rejections.add(1, { policy: name, reason: error.reason });
            throw error;
          }
          metrics?.retries.add(1, { policy: name });
          await pause(wait, run.signal, timers);
        }
      }
    },
  };
}
