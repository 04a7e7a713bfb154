import { type Clock, systemClock } from '../clock/index.ts';
import { RejectedError } from './errors.ts';

export type BreakerState = 'closed' | 'open' | 'half-open';

export interface BreakerOptions {
  /** Failures in a row that open it. @default 5 */
  readonly failures?: number;
  /** Milliseconds it stays open before one probe is let through. @default 30 000 */
  readonly openMs?: number;
  /** Told at every change. */
  readonly onChange?: (state: BreakerState) => void;
}

/** What became of a call that was let through. `cancelled`: the caller gave up, which says nothing about the callee. */
export type CallOutcome = 'success' | 'failure' | 'cancelled';

export interface Breaker {
  readonly state: BreakerState;
  /** Milliseconds until the next probe is let through; 0 unless open. */
  retryAfterMs(): number;
  /**
   * Lets one call through; its outcome must be reported, once.
   * @throws RejectedError with reason `open-circuit`
   */
  enter(): (outcome: CallOutcome) => void;
}

/** Stops calling what keeps failing: 5 failures in a row → open for 30 s → one probe decides. */
export function createBreaker(
  name: string,
  options: BreakerOptions = {},
  clock: Clock = systemClock,
): Breaker {
  const { failures: limit = 5, openMs = 30_000, onChange } = options;
  let state: BreakerState = 'closed';
  let failures = 0;
  let openedAt = 0;
  let probing = false;

  const change = (next: BreakerState) => {
    if (next === state) return;
    state = next;
    onChange?.(next);
  };
  const open = () => {
    openedAt = clock.now();
    change('open');
  };

  const settle = (outcome: CallOutcome) => {
    // An answer of a call made before it opened is history: only the probe decides.
    if (state !== 'closed') return;
    if (outcome === 'success') failures = 0;
    else if (outcome === 'failure' && ++failures >= limit) open();
  };

  const settleProbe = (outcome: CallOutcome) => {
    probing = false;
    if (outcome === 'failure') open();
    else if (outcome === 'success') {
      failures = 0;
      change('closed');
    }
  };

  return {
    get state() {
      return state;
    },
    retryAfterMs: () => (state === 'open' ? Math.max(0, openedAt + openMs - clock.now()) : 0),
    enter() {
      if (state === 'closed') return settle;
      if (state === 'open' && clock.now() - openedAt >= openMs) change('half-open');
      if (state === 'half-open' && !probing) {
        probing = true;
        return settleProbe;
      }
      throw new RejectedError(name, 'open-circuit', `${name} keeps failing and is not called for a while.`);
    },
  };
}
