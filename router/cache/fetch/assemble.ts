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
      const fetched = part.result.data?._entities;
      // An answer of the wrong length is for nobody in particular: the whole is then as wrong.
      if (!Array.isArray(fetched) && part.result.errors.length === 0)
        return { data: { _entities: [] }, errors: [] };
      all.push(Array.isArray(fetched) ? (fetched[part.position] ?? null) : null);
      positions.set(part.result, (positions.get(part.result) ?? new Map()).set(part.position, index));
    }
  }
  for (const [result, indices] of positions) {
    const fetched = result.data?._entities;
    if (Array.isArray(fetched) && fetched.length !== indices.size)
      return { data: { _entities: [] }, errors: result.errors };
    for (const error of result.errors) errors.push(moved(error, indices));
  }
  return { data: { _entities: all }, errors };
}

/** The error at the entity's position in the whole. */
function moved(error: unknown, indices: ReadonlyMap<number, number>): unknown {
  if (!isObject(error) || !Array.isArray(error.path)) return error;
  const [root, position, ...tail] = error.path as unknown[];
  const index = root === '_entities' ? indices.get(position as number) : undefined;
  return index === undefined ? error : { ...error, path: [root, index, ...tail] };
}
