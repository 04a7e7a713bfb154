import { isInherited, type Obj, setOwn } from '../own.ts';

/** A deep copy of JSON data. */
export function cloneJson<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(cloneJson) as T;
  const copy: Obj = {};
  for (const key of Object.keys(value)) {
    const child = cloneJson((value as Obj)[key]);
    if (isInherited(key)) setOwn(copy, key, child);
    else copy[key] = child;
  }
  return copy as T;
}
