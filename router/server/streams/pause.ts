import { setTimeout as wait } from 'node:timers/promises';

const FIRST = 50;
const LONGEST = 2_000;

/** Attempts with growing, jittered pauses between them, for at most `patience` milliseconds or until `over`. The first comes at once. */
export async function* pauseBetween(patience: number, over: () => boolean): AsyncGenerator<number> {
  const end = performance.now() + patience;
  for (let attempt = 0; !over() && performance.now() < end; attempt++) {
    if (attempt > 0)
      await wait(Math.min(LONGEST, FIRST * 2 ** Math.min(attempt - 1, 10)) * (0.5 + Math.random() / 2));
    if (!over()) yield attempt;
  }
}
