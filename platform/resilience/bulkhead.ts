import { type Clock, systemClock } from '../clock/index.ts';
import { abortReason, RejectedError } from './errors.ts';
import { systemTimers, type Timers } from './timers.ts';

export interface BulkheadOptions {
  /** Calls that may run at once. */
  readonly limit: number;
  /** Calls that may wait for a place; one more is refused at once. @default 4 × limit */
  readonly queue?: number;
  /** Longest wait for a place, milliseconds. @default 1 000 */
  readonly maxWaitMs?: number;
}

export interface Bulkhead {
  readonly running: number;
  readonly waiting: number;
  /**
   * Takes a place: `undefined` when one was free, else a promise of one. `release` gives it back.
   * @throws RejectedError `bulkhead-full` or `bulkhead-wait`; the reason of the signal
   */
  acquire(wait?: {
    readonly deadline?: number;
    readonly signal?: AbortSignal | undefined;
  }): Promise<void> | undefined;
  release(): void;
}

interface Waiter {
  admit(): void;
}

/** Keeps one slow dependency from taking every connection and all memory: bounded concurrency, bounded queue, bounded wait. */
export function createBulkhead(
  name: string,
  options: BulkheadOptions,
  clock: Clock = systemClock,
  timers: Timers = systemTimers,
): Bulkhead {
  const { limit, queue: room = limit * 4, maxWaitMs = 1_000 } = options;
  // A set keeps the order of arrival and removes from the middle in constant time.
  const queue = new Set<Waiter>();
  let running = 0;

  const wait = (deadline: number | undefined, signal: AbortSignal | undefined) =>
    new Promise<void>((resolve, reject) => {
      const ms = Math.min(maxWaitMs, deadline === undefined ? maxWaitMs : deadline - clock.now());
      const leave = () => {
        queue.delete(waiter);
        cancelTimer();
        signal?.removeEventListener('abort', cancelled);
      };
      const cancelled = () => {
        leave();
        reject(abortReason(signal!));
      };
      const waiter: Waiter = {
        admit() {
          leave();
          resolve();
        },
      };
      const cancelTimer = timers.after(Math.max(0, ms), () => {
        leave();
        reject(new RejectedError(name, 'bulkhead-wait', `${name} is busy: no place within ${ms} ms.`));
      });
      signal?.addEventListener('abort', cancelled, { once: true });
      queue.add(waiter);
    });

  return {
    get running() {
      return running;
    },
    get waiting() {
      return queue.size;
    },
    acquire({ deadline, signal } = {}) {
      if (running < limit) {
        running++;
        return undefined;
      }
      if (signal?.aborted) throw abortReason(signal);
      if (queue.size >= room)
        throw new RejectedError(name, 'bulkhead-full', `${name} is busy and its queue is full.`);
      return wait(deadline, signal);
    },
    release() {
      // The place goes straight to the next in line: `running` stays as it is.
      const [next] = queue;
      if (next) next.admit();
      else running--;
    },
  };
}
