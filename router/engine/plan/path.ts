import { isInherited, isObject, type Obj, own } from '../own.ts';
import type { Path } from '../run.ts';

/** Lists at least this long may well hold the same object many times once entities are shared; it is then visited once. */
const LONG = 16;

/** Finds every object at a path, nulls left out, in response order; one that is at several places comes at least once. */
export type ObjectFinder = (root: Obj, hasShared: boolean) => Obj[];

type Level = (values: readonly unknown[]) => unknown[];

/** Compiles a path (`@` steps into a list): each step is a function of its own, so that V8 learns the shape of the objects at that place. */
export function compileFinder(path: Path): ObjectFinder {
  const steps = path.map((step) => (step === '@' ? elements : property(step as string)));
  return (root, hasShared) => {
    let level: unknown[] = [root];
    for (const step of steps) {
      level = step(level);
      if (hasShared && level.length >= LONG) level = [...new Set(level)];
    }
    return level.filter(isObject);
  };
}

const elements: Level = (values) => {
  const next: unknown[] = [];
  for (const value of values)
    if (Array.isArray(value)) for (let index = 0; index < value.length; index++) next.push(value[index]);
  return next;
};

function property(name: string): Level {
  if (isInherited(name)) return (values) => values.filter(isObject).map((value) => own(value, name));
  // GraphQL names are safe in source text.
  const source = `'use strict'; return (values) => {
    const next = [];
    for (let i = 0; i < values.length; i++) { const v = values[i]; if (typeof v === 'object' && v !== null) next.push(v.${name}); }
    return next; };`;
  return new Function(source)() as Level;
}

/** Every object at `path` with its concrete path, once per place. */
export function placesAt(root: Obj, path: Path): { readonly path: Path; readonly object: Obj }[] {
  const found: { path: Path; object: Obj }[] = [];
  const walk = (value: unknown, depth: number, trail: Path): void => {
    if (depth === path.length) {
      if (isObject(value)) found.push({ path: trail, object: value });
      return;
    }
    const step = path[depth] as string;
    if (step === '@') {
      if (Array.isArray(value))
        for (const [index, element] of value.entries()) walk(element, depth + 1, [...trail, index]);
    } else if (isObject(value)) walk(own(value, step), depth + 1, [...trail, step]);
  };
  walk(root, 0, []);
  return found;
}

/** Does the concrete path lie at the pattern? */
export function matchesPattern(path: Path, pattern: Path): boolean {
  return (
    path.length === pattern.length &&
    pattern.every((step, index) => (step === '@' ? typeof path[index] === 'number' : step === path[index]))
  );
}
