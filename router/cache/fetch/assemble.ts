import { isObject, type Obj } from '../../engine/own.ts';
import type { CallResult } from '../../engine/plan/call.ts';
import type { ErrorCause } from '../../engine/plan/errors.ts';
import type { Kept } from './flights.ts';

/** Where one of the answers asked for comes from. */
export type Part =
  /** From the cache, or from a fetch of somebody else. */
  | { readonly kind: 'kept'; readonly json: string; readonly maxAge: number; readonly age: number }
  /** From the subgraph, at a position of its answer. */
  | {
      readonly kind: 'fetched';
      readonly result: CallResult;
      readonly position: number;
      /** How many were asked for with it. */
      readonly asked: number;
      /** How it was kept, when it was. */
      readonly kept: Kept | undefined;
    }
  /** Somebody else's fetch did not reach the subgraph. */
  | { readonly kind: 'failed'; readonly cause: ErrorCause };

/** One answer made of many, as if the subgraph had been asked for all of them at once. */
export function assemble(parts: readonly Part[], isEntities: boolean): CallResult {
  const [first] = parts;
  const whole = first?.kind === 'fetched' ? first.result : undefined;
  if (
    whole &&
    parts.every((part, index) => part.kind === 'fetched' && part.result === whole && part.position === index)
  )
    return whole;
  if (first && !isEntities) return single(first);
  return entities(parts);
}

function single(part: Part): CallResult {
  switch (part.kind) {
    case 'kept':
      return { data: JSON.parse(part.json) as Obj, errors: [] };
    case 'fetched':
      return part.result;
    case 'failed':
      return { data: null, errors: [], failed: part.cause };
  }
}

function entities(parts: readonly Part[]): CallResult {
  const all: unknown[] = [];
  const errors: unknown[] = [];
  const positions = new Map<CallResult, Map<number, number>>();
  for (const [index, part] of parts.entries()) {
    const failed = part.kind === 'failed' ? part.cause : part.kind === 'fetched' && part.result.failed;
    if (failed) {
      all.push(null);
      errors.push({ ...failed, path: ['_entities', index] });
    } else if (part.kind === 'kept') all.push(JSON.parse(part.json));
    else if (part.kind === 'fetched') {
      const { result, position, asked } = part;
      const fetched = result.data?._entities;
      const isWhole = Array.isArray(fetched) && fetched.length === asked;
      // An answer of the wrong length is for nobody in particular: all of it is then as wrong.
      if (!isWhole && result.errors.length === 0) return { data: { _entities: [] }, errors: [] };
      all.push(isWhole ? (fetched[position] ?? null) : null);
      positions.set(result, (positions.get(result) ?? new Map()).set(position, index));
    }
  }
  for (const [result, indices] of positions) {
    for (const error of result.errors) {
      const moved = atPlace(error, indices);
      if (moved !== undefined) errors.push(moved);
    }
  }
  return { data: { _entities: all }, errors };
}

/** The error at its entity's place in the whole; `undefined` when that comes from somewhere else after all. */
function atPlace(error: unknown, indices: ReadonlyMap<number, number>): unknown {
  const position = entityOf(error);
  if (position === undefined) return error;
  const index = indices.get(position);
  if (index === undefined) return undefined;
  const { path } = error as { path: unknown[] };
  return { ...(error as object), path: ['_entities', index, ...path.slice(2)] };
}

/** The position of the entity that an error is about. */
export function entityOf(error: unknown): number | undefined {
  const path = isObject(error) && Array.isArray(error.path) ? (error.path as unknown[]) : [];
  return path[0] === '_entities' && typeof path[1] === 'number' ? path[1] : undefined;
}
