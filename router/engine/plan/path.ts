import { isObject, type Obj, own } from '../own.ts';
import type { Path } from '../run.ts';

/** Every object at `path` (`@` steps into a list), nulls left out, in response order. */
export function objectsAt(root: Obj, path: Path): Obj[] {
  let level: unknown[] = [root];
  for (const step of path) {
    const next: unknown[] = [];
    for (const value of level) {
      if (value === null || value === undefined) continue;
      if (step === '@') {
        if (Array.isArray(value)) for (const element of value) next.push(element);
      } else if (isObject(value)) next.push(own(value, step as string));
    }
    level = next;
  }
  return level.filter(isObject);
}

/** The concrete path of each object of `objectsAt(root, path)`, in the same order. */
export function pathsAt(root: Obj, path: Path): Path[] {
  const found: Path[] = [];
  const walk = (value: unknown, depth: number, trail: (string | number)[]): void => {
    if (depth === path.length) {
      if (isObject(value)) found.push(trail);
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
