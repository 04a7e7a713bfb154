import type { QueryPlanSelectionNode } from '@apollo/query-planner';
import type { GraphQLSchema } from 'graphql';
import { isObject, type Obj, own, setOwn } from '../own.ts';
import { merge } from './merge.ts';
import { typesOf } from './types-of.ts';

/** Builds what a subgraph needs to know of an entity; `undefined` when the entity lacks a required field, so that the subgraph can't be asked. */
export type RepresentationBuilder = (entity: Obj) => Obj | undefined;

export function compileRepresentation(
  schema: GraphQLSchema,
  requires: readonly QueryPlanSelectionNode[],
): RepresentationBuilder {
  const build = compileSelections(schema, requires);
  return (entity) => {
    const representation = build(entity);
    return representation && typeof representation.__typename === 'string' ? representation : undefined;
  };
}

type Copy = (from: Obj, to: Obj) => boolean;

function compileSelections(
  schema: GraphQLSchema,
  selections: readonly QueryPlanSelectionNode[],
): RepresentationBuilder {
  const copies = selections.map((selection): Copy => {
    if (selection.kind === 'Field') {
      const name = selection.alias ?? selection.name;
      return compileField(name, selection.selections && compileSelections(schema, selection.selections));
    }
    if (selection.typeCondition === undefined)
      return compileFragment(undefined, compileSelections(schema, selection.selections));
    return compileFragment(
      typesOf(schema, selection.typeCondition),
      compileSelections(schema, selection.selections),
    );
  });
  return (entity) => {
    const representation: Obj = {};
    for (const copy of copies) if (!copy(entity, representation)) return undefined;
    return representation;
  };
}

/** A fragment that can't be filled is left out: at the top level another one may fit the entity. */
function compileFragment(types: ReadonlySet<string> | undefined, build: RepresentationBuilder): Copy {
  return (from, to) => {
    if (types && !types.has(from.__typename as string)) return true;
    const part = build(from);
    if (part) merge(to, part);
    return true;
  };
}

function compileField(name: string, build: RepresentationBuilder | undefined): Copy {
  return (from, to) => {
    const value = own(from, name);
    if (value === undefined) return false;
    const copied = build ? copyValue(value, build) : value;
    if (copied === undefined) return false;
    setOwn(to, name, copied);
    return true;
  };
}

function copyValue(value: unknown, build: RepresentationBuilder): unknown {
  if (Array.isArray(value)) {
    const copies = value.map((element) => copyValue(element, build));
    return copies.includes(undefined) ? undefined : copies;
  }
  return isObject(value) ? build(value) : value;
}
