import { isAskable } from '../entity-keys.ts';
import { isObject, type Obj } from '../own.ts';
import type { Path, Run } from '../run.ts';
import { type CallResult, call } from './call.ts';
import { badResponse, failure, locate, subgraphError } from './errors.ts';
import { errorPath } from './fetch-root.ts';
import type { FetchSpec } from './fetch-spec.ts';
import { merge } from './merge.ts';
import { objectsAt, pathsAt } from './path.ts';
import type { RepresentationBuilder } from './representation.ts';
import type { Step } from './step.ts';

interface Batch {
  readonly entities: readonly Obj[];
  /** Distinct representations, as sent. */
  readonly representations: readonly Obj[];
  /** For each representation, the positions in `entities` it stands for. */
  readonly positions: readonly (readonly number[])[];
}

/** A fetch of entities: each distinct one is asked for once, and the answer is merged into every place it is needed. */
export function entityFetch(spec: FetchSpec, represent: RepresentationBuilder): Step {
  return async (run) => {
    const batch = gather(run, spec, represent);
    if (batch.representations.length === 0) return;
    mergeEntities(run, spec, batch, await call(run, spec, batch.representations));
  };
}

function gather(run: Run, spec: FetchSpec, represent: RepresentationBuilder): Batch {
  const entities = objectsAt(run.data, spec.at);
  const representations: Obj[] = [];
  const positions: number[][] = [];
  const known = new Map<string, number[]>();
  let lacking = false;
  entities.forEach((entity, position) => {
    const representation = represent(entity);
    if (!representation) {
      lacking = true;
      return;
    }
    spec.rewriteInput?.(representation);
    if (!isAskable(spec.keys, representation)) return;
    // The entity's own type belongs to the identity: a rewrite may have replaced it by the interface that the subgraph knows.
    const identity = `${entity.__typename}${JSON.stringify(representation)}`;
    const same = known.get(identity);
    if (same) {
      same.push(position);
      return;
    }
    const first = [position];
    known.set(identity, first);
    positions.push(first);
    representations.push(representation);
  });
  if (lacking && run.failures[0])
    run.failures.push(failure(spec.at, spec.fields, run.failures[0].error, run.failures[0]));
  return { entities, representations, positions };
}

function mergeEntities(run: Run, spec: FetchSpec, batch: Batch, result: CallResult): void {
  if (result.failed) {
    run.failures.push(failure(spec.at, spec.fields, result.failed));
    return;
  }
  reportErrors(run, spec, batch, result.errors);
  if (!result.data) return;
  const received = result.data._entities;
  if (!Array.isArray(received) || received.length !== batch.representations.length) {
    const what = Array.isArray(received)
      ? `${received.length} entities where ${batch.representations.length} were asked for`
      : 'no list of entities';
    if (result.errors.length === 0)
      run.failures.push(failure(spec.at, spec.fields, badResponse(spec.subgraph, `answered with ${what}`)));
    return;
  }
  received.forEach((entity: unknown, index) => {
    if (!isObject(entity)) return;
    const positions = batch.positions[index] ?? [];
    for (const position of positions) {
      const target = batch.entities[position];
      if (!target) continue;
      if (spec.rewriteOutput && position === positions[0]) {
        if (!entity.__typename) entity.__typename = target.__typename;
        spec.rewriteOutput(entity);
      }
      // The object's own type, which we know already, is more than the interface that an `@interfaceObject` subgraph takes it for.
      if (spec.interfaces.has(entity.__typename as string)) entity.__typename = undefined;
      merge(target, entity);
    }
  });
}

function reportErrors(run: Run, spec: FetchSpec, batch: Batch, errors: readonly unknown[]): void {
  if (errors.length === 0) return;
  const paths: Path[] = pathsAt(run.data, spec.at);
  for (const error of errors) {
    const cause = subgraphError(spec.subgraph, error);
    const path = errorPath(error);
    const positions =
      path && path[0] === '_entities' && typeof path[1] === 'number' ? batch.positions[path[1]] : undefined;
    if (!path || !positions) {
      run.failures.push(failure(spec.at, spec.fields, cause));
      continue;
    }
    const tail = path.slice(2).map((step) => spec.renamed.get(step as string) ?? step);
    for (const position of positions) run.errors.push(locate(cause, [...(paths[position] ?? []), ...tail]));
  }
}
