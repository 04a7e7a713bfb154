import { setTimeout as wait } from 'node:timers/promises';

const FIRST = 50;

export interface Patience {
  /** Milliseconds after which there are no more attempts. */
  readonly patience: number;
  /** Milliseconds of the longest pause. */
  readonly longest: number;
}

/** Attempts with growing, jittered pauses between them, until patience or `over` ends them. The first comes at once. */
export async function* pauseBetween(
  { patience, longest }: Patience,
  over: () => boolean,
): AsyncGenerator<number> {
  const end = performance.now() + patience;
  for (let attempt = 0; !over() && performance.now() < end; attempt++) {
    if (attempt > 0)
      await wait(Math.min(longest, FIRST * 2 ** Math.min(attempt - 1, 10)) * (0.5 + Math.random() / 2));
    if (!over()) yield attempt;
  }
}
