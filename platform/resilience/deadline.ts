import { type Clock, systemClock } from '../clock/index.ts';
import { abortReason, RejectedError } from './errors.ts';
import { systemTimers, type Timers } from './timers.ts';

export interface DeadlineOptions {
  /** Epoch milliseconds at which the wait ends. */
  readonly deadline: number;
  /** Ends the wait earlier, with its reason. */
  readonly signal?: AbortSignal | undefined;
  /** Who waits, for the message. @default 'call' */
  readonly name?: string;
  readonly clock?: Clock;
  readonly timers?: Timers;
}

/** Milliseconds left until a deadline; 0 when it has passed. */
export function remaining(deadline: number, clock: Clock = systemClock): number {
  return Math.max(0, deadline - clock.now());
}

/**
 * Runs a task that must end by a deadline. The task gets a signal that is aborted at the deadline or when the
 * caller's signal is; the promise settles then, whether the task listens or not.
 * @throws RejectedError with reason `deadline`, or the reason of the caller's signal
 */
export function withDeadline<T>(
  task: (signal: AbortSignal) => Promise<T>,
  options: DeadlineOptions,
): Promise<T> {
  const { deadline, signal, name = 'call', clock = systemClock, timers = systemTimers } = options;
  if (signal?.aborted) return Promise.reject(abortReason(signal));
  const left = deadline - clock.now();
  const late = () => new RejectedError(name, 'deadline', `${name} did not end in time.`);
  if (left <= 0) return Promise.reject(late());
  return new Promise<T>((resolve, reject) => {
    const controller = new AbortController();
    const giveUp = (error: Error) => {
      release();
      // Rejected before the abort, so that the caller sees why and not what the task made of it.
      reject(error);
      controller.abort(error);
    };
    const cancelled = () => giveUp(abortReason(signal!));
    const cancelTimer = timers.after(left, () => giveUp(late()));
    const release = () => {
      cancelTimer();
      signal?.removeEventListener('abort', cancelled);
    };
    signal?.addEventListener('abort', cancelled, { once: true });
    // A task that throws at once is a failed task, not a broken caller.
    let running: Promise<T>;
    try {
      running = task(controller.signal);
    } catch (error) {
      running = Promise.reject(error);
    }
    running.then(
      (value) => {
        release();
        resolve(value);
      },
      (error) => {
        release();
        reject(error);
      },
    );
  });
}

/**
 * Waits `ms` milliseconds at most for work that takes no signal; then rejects with what `late` makes. The work goes on,
 * for nobody.
 */
export function within<T>(
  ms: number,
  work: Promise<T>,
  late: () => Error,
  timers: Timers = systemTimers,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancelTimer = timers.after(ms, () => reject(late()));
    work.then(resolve, reject).finally(cancelTimer);
  });
}

/** Waits `ms` milliseconds, or rejects with the reason of the signal when that comes first. */
export function pause(ms: number, signal?: AbortSignal, timers: Timers = systemTimers): Promise<void> {
  if (signal?.aborted) return Promise.reject(abortReason(signal));
  return new Promise((resolve, reject) => {
    const cancelled = () => {
      cancelTimer();
      reject(abortReason(signal!));
    };
    const cancelTimer = timers.after(ms, () => {
      signal?.removeEventListener('abort', cancelled);
      resolve();
    });
    signal?.addEventListener('abort', cancelled, { once: true });
  });
}
