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

interface Gathered {
  readonly groups: readonly Group[];
  /** Those that lack something that is required of them. */
  readonly lacking: readonly Obj[];
}

/** Groups entities by their representation; those that can't be asked for are left out. */
function gatherGroups(spec: FetchSpec, { identify, build }: Representer, entities: readonly Obj[]): Gathered {
  const groups = new Map<string, Group | null>();
  const lacking: Obj[] = [];
  for (const entity of entities) {
    const identity = identify(entity);
    if (identity === undefined) {
      lacking.push(entity);
      continue;
    }
    const known = groups.get(identity);
    if (known) known.targets.push(entity);
    if (known !== undefined) continue;
    const representation = build(entity);
    if (!representation) lacking.push(entity);
    const askable = representation && toAskable(spec, representation);
    groups.set(identity, askable ? { identity, representation, targets: [entity] } : null);
  }
  return { groups: [...groups.values()].filter((group) => group !== null), lacking };
}

/** Makes the representation one that the subgraph can find. The planner has entities called by their interface, even those that lack its key but have one of their own. */
function toAskable({ rewriteInput, keys }: FetchSpec, representation: Obj): boolean {
  const { __typename } = representation;
  rewriteInput?.(representation);
  if (isAskable(keys, representation)) return true;
  representation.__typename = __typename;
  return isAskable(keys, representation);
}

/** How a fetch asks for its entities, and whether its answers are used elsewhere as well. */
export type Ask = (
  spec: FetchSpec,
  groups: readonly Group[],
) => { readonly answers: Promise<Answers>; readonly isShared: boolean };

/** Fetches entities and merges what came back into each of them. Who lacks something is asked for what does not need it. */
export async function fetchEntities(
  run: Run,
  spec: FetchSpec,
  representer: Representer,
  entities: readonly Obj[],
  ask: Ask,
): Promise<void> {
  const { groups, lacking } = gatherGroups(spec, representer, entities);
  const fetched = groups.length > 0 ? fetchGroups(run, spec, groups, ask) : undefined;
  if (lacking.length === 0) return fetched;
  await Promise.all([fetched, ...fetchLacking(run, spec, representer, lacking, ask)]);
}

async function fetchGroups(run: Run, spec: FetchSpec, groups: readonly Group[], ask: Ask): Promise<void> {
  const { answers, isShared } = ask(spec, groups);
  mergeAnswers(run, spec, groups, await answers, isShared);
}

function fetchLacking(
  run: Run,
  spec: FetchSpec,
  { missing }: Representer,
  lacking: readonly Obj[],
  ask: Ask,
): Promise<void>[] {
  const alike = Map.groupBy(lacking, (entity) => [...missing(entity)].sort().join());
  return [...alike.values()].map(async (entities) => {
    const names = missing(entities[0] as Obj);
    const lean = names.size > 0 ? spec.lean(names) : undefined;
    const { groups } = lean ? gatherGroups(lean.spec, lean.represent, entities) : { groups: [] };
    const [first] = run.failures;
    const fields = groups.length > 0 && lean ? lean.dropped : spec.fields;
    if (first) run.failures.push(failure(spec.at, fields, first.error, first));
    if (lean && groups.length > 0) await fetchGroups(run, lean.spec, groups, ask);
  });
}

/** Merges what came back into every object it is for. `isShared` answers are used elsewhere as well. */
function mergeAnswers(
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
