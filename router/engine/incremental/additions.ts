import { isObject, type Obj, own, setOwn } from '../own.ts';
import type { Path } from '../run.ts';

/** Fields that are new at one object below a deferred fragment's. */
export interface Addition {
  /** From the object the fragment applies to. */
  readonly subPath: Path;
  readonly data: Obj;
}

/**
 * What `data` has that `before` has not, by object, outer ones first. What is there stays as it is: also a null, which an object further in
 * may have asked for.
 */
export function additions(before: Obj, data: Obj, subPath: Path = []): Addition[] {
  const fresh: Obj = {};
  const below: Addition[] = [];
  for (const key of Object.keys(data)) {
    const value = own(data, key);
    if (Object.hasOwn(before, key)) below.push(...addedTo(own(before, key), value, [...subPath, key]));
    else setOwn(fresh, key, value);
  }
  return Object.keys(fresh).length > 0 ? [{ subPath, data: fresh }, ...below] : below;
}

function addedTo(before: unknown, value: unknown, subPath: Path): Addition[] {
  if (isObject(before) && isObject(value)) return additions(before, value, subPath);
  if (!Array.isArray(before) || !Array.isArray(value)) return [];
  return value.flatMap((element, index) => addedTo(before[index], element, [...subPath, index]));
}
