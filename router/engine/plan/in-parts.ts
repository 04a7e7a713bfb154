import type { FetchFailure, Run } from '../run.ts';
import { merge } from './merge.ts';
import { nothing, type Step } from './step.ts';

/**
 * Runs several plans of one query at once, each with data of its own, since what they fetch beside the answer contradicts each other; their answers are merged into the first
 * one's.
 */
export function inParts([first = nothing, ...others]: readonly Step[]): Step {
  return async (run) => {
    const parts = others.map((step) => {
      const part: Run = { ...run, data: {}, errors: [], failures: [], sharedFetches: new Map() };
      return { step, part };
    });
    await Promise.all([first(run), ...parts.map(({ step, part }) => step(part))]);
    for (const { part } of parts) {
      merge(run.data, part.data);
      // What they fetch in common fails in all of them: that is told once.
      run.errors.push(...part.errors.filter((error) => !run.errors.some((known) => isSame(known, error))));
      run.failures.push(
        ...part.failures.filter((failure) => !run.failures.some((known) => covers(known, failure))),
      );
    }
  };
}

function isSame(one: Run['errors'][number], other: Run['errors'][number]): boolean {
  return one.message === other.message && String(one.path) === String(other.path);
}

function covers(known: FetchFailure, failure: FetchFailure): boolean {
  return (
    known.error.message === failure.error.message &&
    String(known.at) === String(failure.at) &&
    [...failure.fields].every((field) => known.fields.has(field))
  );
}
