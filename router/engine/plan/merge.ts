import { isInherited, isObject, type Obj, setOwn } from '../own.ts';

const NONE: ReadonlySet<string> = new Set();

/**
 * Merges what a subgraph sent into the response so far. Objects are merged deeply, lists of equal length element by element, anything else is replaced.
 * `source` is taken over by reference where the target has nothing yet. The type of an object is not replaced by one of the `interfaces`, which is all that an
 * `@interfaceObject` subgraph knows of it.
 */
export function merge(target: Obj, source: Obj, interfaces: ReadonlySet<string> = NONE): void {
  for (const key in source) {
    const value = source[key];
    if (value === undefined) continue;
    if (isInherited(key)) {
      mergeInherited(target, key, value, interfaces);
      continue;
    }
    const present = target[key];
    if (key === '__typename' && typeof present === 'string' && interfaces.has(value as string)) continue;
    if (
      present === undefined ||
      present === null ||
      typeof value !== 'object' ||
      value === null ||
      !mergeInto(present, value, interfaces)
    )
      target[key] = value;
  }
}

function mergeInherited(target: Obj, key: string, value: unknown, interfaces: ReadonlySet<string>): void {
  if (!Object.hasOwn(target, key) || !mergeInto(target[key], value, interfaces)) setOwn(target, key, value);
}

function mergeInto(present: unknown, value: unknown, interfaces: ReadonlySet<string>): boolean {
  if (present === value) return true;
  if (isObject(present) && isObject(value)) {
    merge(present, value, interfaces);
    return true;
  }
  if (!Array.isArray(present) || !Array.isArray(value) || present.length !== value.length) return false;
  for (let index = 0; index < value.length; index++) {
    if (!mergeInto(present[index], value[index], interfaces)) present[index] = value[index];
  }
  return true;
}

export type Merge = (target: Obj, source: Obj) => void;

/**
 * Generates a `merge` for objects that have no other names than these: with each name a constant of its own, V8 knows where it is in the object.
 * @param names GraphQL names, which are safe in source text
 * @param interfaces as `merge` has them
 */
export function compileMerge(names: Iterable<string>, interfaces: ReadonlySet<string>): Merge {
  const fields = [...names];
  if (fields.some(isInherited)) return (target, source) => merge(target, source, interfaces);
  const into = (present: unknown, value: unknown) => mergeInto(present, value, interfaces);
  const body = fields.map(
    (name) =>
      `if ((v = s.${name}) !== undefined && ((p = t.${name}) === undefined || p === null || typeof v !== 'object' || v === null || !into(p, v))) t.${name} = v;`,
  );
  return new Function('into', `'use strict'; return (t, s) => { let v, p;\n${body.join('\n')}\n};`)(
    into,
  ) as Merge;
}
