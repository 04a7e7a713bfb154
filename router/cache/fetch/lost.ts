import { isObject } from '../../engine/own.ts';
import type { CallResult } from '../../engine/plan/call.ts';
import { entityOf } from './assemble.ts';

/** Codes by which a subgraph says that it cannot answer now. Any other error is an answer: that someone may not see something has to be heard. */
const UNAVAILABLE: ReadonlySet<unknown> = new Set([
  'UNAVAILABLE',
  'SERVICE_UNAVAILABLE',
  'DEADLINE_EXCEEDED',
]);

/** Which of the answers asked for did not come, through no fault of who asked: nothing was reached, or the subgraph says that it cannot. */
export function lostOf(result: CallResult, isEntities: boolean): (position: number) => boolean {
  const { failed, errors } = result;
  if (failed) return () => true;
  if (errors.length === 0 || !errors.every(isUnavailable)) return () => false;
  const positions = new Set(errors.map(entityOf));
  const isWhole = !isEntities || !Array.isArray(result.data?._entities) || positions.has(undefined);
  return (position) => isWhole || positions.has(position);
}

function isUnavailable(error: unknown): boolean {
  return isObject(error) && isObject(error.extensions) && UNAVAILABLE.has(error.extensions.code);
}
