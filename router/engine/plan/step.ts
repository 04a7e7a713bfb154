import type { Run } from '../run.ts';

/** One compiled plan node. It never rejects: what goes wrong is recorded in the run. */
export type Step = (run: Run) => Promise<void> | void;

export const nothing: Step = () => {};

export function sequence(steps: readonly Step[]): Step {
  if (steps.length === 1 && steps[0]) return steps[0];
  return async (run) => {
    for (const step of steps) {
      const pending = step(run);
      if (pending) await pending;
    }
  };
}

export function parallel(steps: readonly Step[]): Step {
  if (steps.length === 1 && steps[0]) return steps[0];
  return async (run) => {
    await Promise.all(steps.map((step) => step(run)));
  };
}

/** Runs one branch by the value of a Boolean variable. */
export function condition(variable: string, yes: Step, no: Step): Step {
  return (run) => (run.coerced[variable] === true ? yes(run) : no(run));
}
