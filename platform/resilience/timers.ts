/** Waiting as an argument, so that tests move time by hand. */
export interface Timers {
  /** Calls `then` once after `ms` milliseconds, unless the function it gives back is called first. */
  after(ms: number, then: () => void): () => void;
}

/** Longest delay that setTimeout takes; a longer one would fire at once. */
const MAX_DELAY_MS = 2_147_483_647;

export const systemTimers: Timers = {
  after(ms, then) {
    const timer = setTimeout(then, Math.min(ms, MAX_DELAY_MS));
    return () => clearTimeout(timer);
  },
};
