import { readFileSync, rmSync } from 'node:fs';
import type { Env } from '../config/index.ts';

/** Called around every effect of a saga. Does nothing, unless this very point was chosen for a fault test. */
export type CrashPoint = (point: string, when: 'before' | 'after') => void;

const none: CrashPoint = () => {};
const die = () => process.kill(process.pid, 'SIGKILL');

/**
 * `AISLE_CRASH_AT=capturePayment:after` together with `AISLE_FAULTS=1` makes the process end with SIGKILL right there,
 * as if the machine had lost power. Points are the names of the commands a saga sends, and `save <step>` for its commits.
 * With `AISLE_CRASH_FILE` the point is read from that file, which is removed first: the process dies there once, and the
 * one that takes its place does not.
 * @throws RangeError when the variable is set but is not `<point>:<before|after>`
 */
export function crashPoints(env: Env): CrashPoint {
  if (env.AISLE_FAULTS !== '1') return none;
  const { AISLE_CRASH_AT: chosen, AISLE_CRASH_FILE: file } = env;
  if (file) return fromFile(file);
  if (!chosen) return none;
  const [, point, when] = /^(.+):(before|after)$/.exec(chosen) ?? [];
  if (!point) throw new RangeError('AISLE_CRASH_AT must be <point>:before or <point>:after.');
  return (at, now) => {
    if (at === point && now === when) die();
  };
}

function fromFile(file: string): CrashPoint {
  return (at, now) => {
    try {
      if (readFileSync(file, 'utf8').trim() !== `${at}:${now}`) return;
    } catch {
      return;
    }
    rmSync(file);
    die();
  };
}
