import type { Clock } from '../clock/index.ts';
import type { Timers } from './timers.ts';

/** A clock and timers that move only when told, for tests of anything that waits. */
export interface FakeTime extends Clock, Timers {
  /** Timers that are set and not yet fired. */
  readonly pending: number;
  /** Moves on, firing what is due in order; promises made by one timer run before the next fires. */
  advance(ms: number): Promise<void>;
}

const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

export function fakeTime(start = 1_700_000_000_000): FakeTime {
  let now = start;
  const timers = new Set<{ at: number; then: () => void }>();
  return {
    now: () => now,
    after(ms, then) {
      const timer = { at: now + ms, then };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    get pending() {
      return timers.size;
    },
    async advance(ms) {
      const end = now + ms;
      await settled();
      for (;;) {
        const due = [...timers].filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
        if (!due) break;
        timers.delete(due);
        now = Math.max(now, due.at);
        due.then();
        await settled();
      }
      now = end;
      await settled();
    },
  };
}
