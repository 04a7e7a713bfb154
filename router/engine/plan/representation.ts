import type { QueryPlanFieldNode, QueryPlanSelectionNode } from '@apollo/query-planner';
import type { GraphQLSchema } from 'graphql';
import { isInherited, isObject, type Obj, own, setOwn } from '../own.ts';
import { merge } from './merge.ts';
import { compileIdentity } from './representation-identity.ts';
import { typesOf } from './types-of.ts';

export interface Representer {
  /** Builds what a subgraph needs to know of an entity; `undefined` when the entity lacks a required field, so that the subgraph can't be asked. */
  readonly build: (entity: Obj) => Obj | undefined;
  /** The same text for entities of equal type and representation, cheaper than building it; `undefined` when anything required of their type is missing. */
  readonly identify: (entity: Obj) => string | undefined;
  /** The top-level fields that are required of the entity's type, and that it lacks in whole or in part. */
  readonly missing: (entity: Obj) => ReadonlySet<string>;
}

export function compileRepresentation(
  schema: GraphQLSchema,
  requires: readonly QueryPlanSelectionNode[],
): Representer {
  const buildAny = compileSelections(schema, requires);
  const build = (entity: Obj): Obj | undefined => {
    const representation = buildAny(entity);
    return representation && typeof representation.__typename === 'string' ? representation : undefined;
  };
  const collect = compileMissing(schema, requires);
  const missing = (entity: Obj): ReadonlySet<string> => {
    const names = new Set<string>();
    collect(entity, names);
    return names;
  };
  const identify =
    compileIdentity(schema, requires) ??
    ((entity) => (missing(entity).size > 0 ? undefined : textOf(entity.__typename, build(entity))));
  return { build, identify, missing };
}

function textOf(typename: unknown, representation: Obj | undefined): string | undefined {
  return representation && `${typename}${JSON.stringify(representation)}`;
}

type Build = (entity: Obj) => Obj | undefined;
type Copy = (from: Obj, to: Obj) => boolean;

function compileSelections(schema: GraphQLSchema, selections: readonly QueryPlanSelectionNode[]): Build {
  const copies = selections.map((selection): Copy => {
    if (selection.kind === 'Field') return compileField(schema, selection);
    const types =
      selection.typeCondition === undefined ? undefined : typesOf(schema, selection.typeCondition);
    return compileFragment(types, compileSelections(schema, selection.selections));
  });
  return (entity) => {
    const representation: Obj = {};
    for (const copy of copies) if (!copy(entity, representation)) return undefined;
    return representation;
  };
}

function compileMissing(
  schema: GraphQLSchema,
  selections: readonly QueryPlanSelectionNode[],
): (entity: Obj, names: Set<string>) => void {
  const collects = selections.map((selection): ((entity: Obj, names: Set<string>) => void) => {
    if (selection.kind === 'Field') {
      const copy = compileField(schema, selection);
      const name = selection.alias ?? selection.name;
      return (entity, names) => {
        if (!copy(entity, {})) names.add(name);
      };
    }
    const collect = compileMissing(schema, selection.selections);
    if (selection.typeCondition === undefined) return collect;
    const types = typesOf(schema, selection.typeCondition);
    return (entity, names) => {
      if (types.has(entity.__typename as string)) collect(entity, names);
    };
  });
  return (entity, names) => {
    for (const collect of collects) collect(entity, names);
  };
}

/** A fragment that can't be filled is left out: at the top level another one may fit the entity. */
function compileFragment(types: ReadonlySet<string> | undefined, build: Build): Copy {
  return (from, to) => {
    if (types && !types.has(from.__typename as string)) return true;
    const part = build(from);
    if (part) merge(to, part);
    return true;
  };
}

function compileField(
  schema: GraphQLSchema,
  { alias, name: fieldName, selections }: QueryPlanFieldNode,
): Copy {
  const name = alias ?? fieldName;
  const build = selections && compileSelections(schema, selections);
  const read: (from: Obj) => unknown = isInherited(name) ? (from) => own(from, name) : (from) => from[name];
  return (from, to) => {
    const value = read(from);
    if (value === undefined) return false;
    const copied = build ? copyValue(value, build) : value;
    if (copied === undefined) return false;
    setOwn(to, name, copied);
    return true;
  };
}

function copyValue(value: unknown, build: Build): unknown {
  if (Array.isArray(value)) {
    const copies = value.map((element) => copyValue(element, build));
    return copies.includes(undefined) ? undefined : copies;
  }
  return isObject(value) ? build(value) : value;
}
