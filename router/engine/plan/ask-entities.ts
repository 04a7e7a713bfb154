import { isObject, type Obj } from '../own.ts';
import type { Path, Run } from '../run.ts';
import { type CallResult, call } from './call.ts';
import { badResponse, type ErrorCause, subgraphError } from './errors.ts';
import { errorPath } from './fetch-root.ts';
import type { FetchSpec } from './fetch-spec.ts';

export interface EntityError {
  readonly cause: ErrorCause;
  /** From the entity on, in response names. */
  readonly tail: Path;
}

/** What a subgraph said about some entities. */
export interface Answers {
  /** In the order of the representations; anything but an object is no entity. */
  readonly entities: readonly unknown[];
  /** By position. */
  readonly errors?: ReadonlyMap<number, readonly EntityError[]>;
  /** What concerns all of them. */
  readonly failures: readonly ErrorCause[];
}

/** Asks for entities, with `context` as further variables. Never rejects. */
export async function askEntities(
  run: Run,
  spec: FetchSpec,
  representations: readonly Obj[],
  context?: Obj,
): Promise<Answers> {
  return toAnswers(spec, representations.length, await call(run, spec, representations, context));
}

function toAnswers(spec: FetchSpec, asked: number, { data, errors, failed }: CallResult): Answers {
  if (failed) return { entities: [], failures: [failed] };
  const entities = data?._entities;
  const isComplete = Array.isArray(entities) && entities.length === asked;
  if (errors.length === 0) {
    if (isComplete) return { entities, failures: [] };
    const what = Array.isArray(entities)
      ? `${entities.length} entities where ${asked} were asked for`
      : 'no list of entities';
    return { entities: [], failures: [badResponse(spec.subgraph, `answered with ${what}`)] };
  }
  const byPosition = new Map<number, EntityError[]>();
  const failures: ErrorCause[] = [];
  for (const error of errors) {
    const cause = subgraphError(spec.subgraph, error);
    const path = errorPath(error);
    const position = path?.[0] === '_entities' ? path[1] : undefined;
    if (!path || typeof position !== 'number' || position >= asked) {
      failures.push(cause);
      continue;
    }
    const tail = path.slice(2).map((step) => spec.renamed.get(step as string) ?? step);
    byPosition.set(position, [...(byPosition.get(position) ?? []), { cause, tail }]);
  }
  return {
    entities: isComplete ? entities.map((entity) => (isObject(entity) ? entity : null)) : [],
    errors: byPosition,
    failures,
  };
}
