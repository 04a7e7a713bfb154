import { isObject, type Obj, own } from '../own.ts';
import type { Path } from '../run.ts';
import type { SelectionShape } from '../shape/shape.ts';

/** An object of the response, and what a payload has of it. */
export interface Place {
  /** In the client's names, with list indices. */
  readonly path: Path;
  readonly source: Obj;
  readonly shape: SelectionShape;
}

/** Every object below `from` that a `@defer` applies to, reached by fields with the fetch names `steps`. */
export function deferredPlaces(from: readonly Place[], steps: readonly string[], deferId: string): Place[] {
  let places = from;
  for (const step of steps) places = places.flatMap((place) => below(place, step));
  return places.flatMap(({ path, source, shape }) => {
    const deferred = shape.forType(own(source, '__typename'))?.deferred.get(deferId);
    return deferred ? [{ path, source, shape: deferred }] : [];
  });
}

function below({ path, source, shape }: Place, step: string): Place[] {
  const fields = shape.forType(own(source, '__typename'))?.fields ?? [];
  return fields.flatMap(({ from, key, selected }) =>
    selected && from === step ? opened(own(source, step), [...path, key], selected) : [],
  );
}

function opened(value: unknown, path: Path, shape: SelectionShape): Place[] {
  if (Array.isArray(value))
    return value.flatMap((element, index) => opened(element, [...path, index], shape));
  return isObject(value) ? [{ path, source: value, shape }] : [];
}

/** The value at a path of the client's response. */
export function follow(value: unknown, path: Path): unknown {
  let at = value;
  for (const step of path) {
    if (typeof at !== 'object' || at === null) return undefined;
    at = Array.isArray(at) ? at[step as number] : own(at as Obj, String(step));
  }
  return at;
}
