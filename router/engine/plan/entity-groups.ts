import { isAskable } from '../entity-keys.ts';
import { isObject, type Obj } from '../own.ts';
import type { Run } from '../run.ts';
import type { Answers } from './ask-entities.ts';
import { cloneJson } from './clone.ts';
import { failure, locate } from './errors.ts';
import type { FetchSpec } from './fetch-spec.ts';
import { placesAt } from './path.ts';
import type { Representer } from './representation.ts';

/** The objects of the response that one representation stands for. */
export interface Group {
  readonly identity: string;
  readonly representation: Obj;
  readonly targets: Obj[];
}

/** Groups entities by their representation; those that can't be asked for are left out. */
export function gatherGroups(
  run: Run,
  spec: FetchSpec,
  { identify, build }: Representer,
  entities: readonly Obj[],
): Group[] {
  const groups = new Map<string, Group | null>();
  let lacking = false;
  for (const entity of entities) {
    const identity = identify(entity);
    if (identity === undefined) {
      lacking = true;
      continue;
    }
    const known = groups.get(identity);
    if (known) known.targets.push(entity);
    if (known !== undefined) continue;
    const representation = build(entity);
    if (!representation) lacking = true;
    else spec.rewriteInput?.(representation);
    const askable = representation && isAskable(spec.keys, representation);
    groups.set(identity, askable ? { identity, representation, targets: [entity] } : null);
  }
  if (lacking && run.failures[0])
    run.failures.push(failure(spec.at, spec.fields, run.failures[0].error, run.failures[0]));
  return [...groups.values()].filter((group) => group !== null);
}

/** Merges what came back into every object it is for. `isShared` answers are used elsewhere as well. */
export function mergeAnswers(
  run: Run,
  spec: FetchSpec,
  groups: readonly Group[],
  { entities, errors, failures }: Answers,
  isShared: boolean,
): void {
  for (const cause of failures) run.failures.push(failure(spec.at, spec.fields, cause));
  if (errors && errors.size > 0) reportErrors(run, spec, groups, errors);
  groups.forEach(({ targets }, index) => {
    const answer = entities[index];
    if (!isObject(answer)) return;
    // Below the entity, places of the plan may go on to differ.
    const entity = isShared && spec.isNested ? cloneJson(answer) : answer;
    if (spec.rewriteOutput) {
      if (!entity.__typename) entity.__typename = targets[0]?.__typename;
      spec.rewriteOutput(entity);
    }
    // The object's own type, which we know already, is more than the interface that an `@interfaceObject` subgraph takes it for.
    if (spec.interfaces.has(entity.__typename as string)) entity.__typename = undefined;
    if (spec.isNested && spec.hasContext) {
      // What is below depends on where it is.
      for (const target of targets) spec.merge(target, cloneJson(entity));
      return;
    }
    for (const target of targets) spec.merge(target, entity);
    if (spec.isNested && targets.length > 1) markShared(run, entity);
  });
}

/** What several objects of the response now hold is written only once. */
function markShared(run: Run, entity: Obj): void {
  for (const name in entity) {
    const value = entity[name];
    if (typeof value === 'object' && value !== null) run.sharedValues.set(value, new Map());
  }
}

function reportErrors(
  run: Run,
  spec: FetchSpec,
  groups: readonly Group[],
  errors: NonNullable<Answers['errors']>,
): void {
  const places = placesAt(run.data, spec.at);
  for (const [index, found] of errors) {
    const targets = new Set(groups[index]?.targets);
    for (const { cause, tail } of found) {
      for (const { path, object } of places)
        if (targets.has(object)) run.errors.push(locate(cause, [...path, ...tail]));
    }
  }
}
