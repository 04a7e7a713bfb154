import { isInherited, isObject, type Obj, setOwn } from '../own.ts';

/**
 * Merges what a subgraph sent into the response so far. Objects are merged deeply, lists of equal length element by element, anything else is replaced.
 * `source` is taken over by reference where the target has nothing yet.
 */
export function merge(target: Obj, source: Obj): void {
  for (const key of Object.keys(source)) {
    const value = source[key];
    if (value === undefined) continue;
    if (isInherited(key)) {
      mergeInherited(target, key, value);
      continue;
    }
    const present = target[key];
    if (
      present === undefined ||
      present === null ||
      typeof value !== 'object' ||
      value === null ||
      !mergeInto(present, value)
    )
      target[key] = value;
  }
}

function mergeInherited(target: Obj, key: string, value: unknown): void {
  if (!Object.hasOwn(target, key) || !mergeInto(target[key], value)) setOwn(target, key, value);
}

function mergeInto(present: unknown, value: unknown): boolean {
  if (present === value) return true;
  if (isObject(present) && isObject(value)) {
    merge(present, value);
    return true;
  }
  if (!Array.isArray(present) || !Array.isArray(value) || present.length !== value.length) return false;
  for (let index = 0; index < value.length; index++) {
    if (!mergeInto(present[index], value[index])) present[index] = value[index];
  }
  return true;
}
