import type { Env } from '../config/index.ts';

/** Called around every effect of a saga. Does nothing, unless this very point was chosen for a fault test. */
export type CrashPoint = (point: string, when: 'before' | 'after') => void;

const none: CrashPoint = () => {};

/**
 * `AISLE_CRASH_AT=capturePayment:after` together with `AISLE_FAULTS=1` makes the process end with SIGKILL right there,
 * as if the machine had lost power. Points are the names of the commands a saga sends, and `save <step>` for its commits.
 * @throws RangeError when the variable is set but is not `<point>:<before|after>`
 */
export function crashPoints(env: Env): CrashPoint {
  const chosen = env.AISLE_CRASH_AT;
  if (env.AISLE_FAULTS !== '1' || !chosen) return none;
  const [, point, when] = /^(.+):(before|after)$/.exec(chosen) ?? [];
  if (!point) throw new RangeError('AISLE_CRASH_AT must be <point>:before or <point>:after.');
  return (at, now) => {
    if (at === point && now === when) process.kill(process.pid, 'SIGKILL');
  };
}
