import { clientName } from '../aliases.ts';
import { isObject, type Obj, own } from '../own.ts';
import type { Path } from '../run.ts';

const FRAGMENT = '... on ';

export interface Place {
  /** In the client's names, with list indices. */
  readonly path: Path;
  readonly source: Obj;
}

/** Every object at a path of the planner (names, `... on Type`), lists opened. */
export function placesAt(
  root: Obj,
  queryPath: readonly string[],
  isOfType: (source: Obj, condition: string) => boolean,
): Place[] {
  let places: Place[] = [{ path: [], source: root }];
  for (const step of queryPath) {
    if (step.startsWith(FRAGMENT))
      places = places.filter(({ source }) => isOfType(source, step.slice(FRAGMENT.length)));
    else
      places = places.flatMap(({ path, source }) => opened(own(source, step), [...path, clientName(step)]));
  }
  return places;
}

function opened(value: unknown, path: Path): Place[] {
  if (Array.isArray(value)) return value.flatMap((element, index) => opened(element, [...path, index]));
  return isObject(value) ? [{ path, source: value }] : [];
}

/** Does the client have an object there? Nothing can be added to one that null propagation took away. */
export function holdsObject(delivered: unknown, path: Path): boolean {
  return isObject(follow(delivered, path));
}

export function follow(value: unknown, path: Path): unknown {
  let at = value;
  for (const step of path) {
    if (typeof at !== 'object' || at === null) return undefined;
    at = Array.isArray(at) ? at[step as number] : own(at as Obj, String(step));
  }
  return at;
}
