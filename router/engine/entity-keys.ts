import type { FieldDefinition, InterfaceType, ObjectType, Subgraphs } from '@apollo/federation-internals';
import { Kind, parse, type SelectionSetNode } from 'graphql';

/** For each entity type of a subgraph, the top-level fields of each of its keys. */
export type EntityKeys = ReadonlyMap<string, readonly (readonly string[])[]>;

/** The `@key`s of every subgraph of a supergraph. */
export function entityKeys(subgraphs: Subgraphs): ReadonlyMap<string, EntityKeys> {
  return new Map(
    [...subgraphs].map(({ name, schema }) => {
      const types = [...schema.objectTypes(), ...schema.interfaceTypes()];
      const keyed = types.map(
        (type) =>
          [
            type.name,
            type.appliedDirectivesOf('key').map((key) => topLevel(String(key.arguments().fields))),
          ] as const,
      );
      return [name, new Map(keyed.filter(([, keys]) => keys.length > 0))];
    }),
  );
}

/** For each field of a subgraph that requires others (`Type.field`), the top-level ones of those. */
export type FieldNeeds = ReadonlyMap<string, readonly string[]>;

/** The `@requires` of every subgraph of a supergraph. */
export function fieldNeeds(subgraphs: Subgraphs): ReadonlyMap<string, FieldNeeds> {
  return ofRequiring(subgraphs, topLevel);
}

/** For each field of a subgraph that requires others, where in those are the fields of calls: as `.object.call`. */
export type CallPaths = ReadonlyMap<string, readonly string[]>;

/** The calls in the `@requires` of every subgraph of a supergraph whose calls have names. */
export function callPaths(
  subgraphs: Subgraphs,
  calls: ReadonlyMap<string, unknown>,
): ReadonlyMap<string, CallPaths> {
  const within = (set: SelectionSetNode, above: string): string[] =>
    set.selections.flatMap((selection) => {
      if (selection.kind === Kind.FRAGMENT_SPREAD) return [];
      const path = selection.kind === Kind.FIELD ? `${above}.${selection.name.value}` : above;
      const own = selection.kind === Kind.FIELD && calls.has(selection.name.value) ? [path] : [];
      return [...own, ...(selection.selectionSet ? within(selection.selectionSet, path) : [])];
    });
  return ofRequiring(subgraphs, (fields) => within(selectionSetOf(fields), ''));
}

/** For every subgraph and each of its fields (`Type.field`), what is read from their `@requires`. */
function ofRequiring(
  subgraphs: Subgraphs,
  read: (fields: string) => string[],
): ReadonlyMap<string, ReadonlyMap<string, readonly string[]>> {
  return new Map(
    [...subgraphs].map(({ name, schema }) => {
      const needs = [...schema.objectTypes(), ...schema.interfaceTypes()].flatMap((type) => {
        const types = type.kind === 'InterfaceType' ? [type, ...type.possibleRuntimeTypes()] : [type];
        return type.fields().flatMap((field) => {
          const required = types.flatMap((one) => requiredBy(one.field(field.name)).flatMap(read));
          return required.length > 0 ? [[`${type.name}.${field.name}`, required] as const] : [];
        });
      });
      return [name, new Map(needs)];
    }),
  );
}

function requiredBy(field: FieldDefinition<ObjectType | InterfaceType> | undefined): string[] {
  const directives = field?.appliedDirectivesOf('requires') ?? [];
  return directives.map((requires) => String(requires.arguments().fields));
}

/** Can the subgraph find the entity? The planner lets through objects of types it does not know, and others without their key. */
export function isAskable(keys: EntityKeys, representation: Readonly<Record<string, unknown>>): boolean {
  const candidates = keys.get(representation.__typename as string);
  return candidates?.some((key) => key.every((field) => representation[field] !== undefined)) === true;
}

function topLevel(fields: string): string[] {
  return namesIn(selectionSetOf(fields));
}

/** What the `fields` of a directive select. @throws GraphQLError when they are no selection set */
export function selectionSetOf(fields: string): SelectionSetNode {
  const [definition] = parse(`{ ${fields} }`, { noLocation: true }).definitions;
  if (definition?.kind !== Kind.OPERATION_DEFINITION) throw new Error(`"${fields}" selects nothing`);
  return definition.selectionSet;
}

function namesIn({ selections }: SelectionSetNode): string[] {
  return selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [selection.name.value];
    return selection.kind === Kind.INLINE_FRAGMENT ? namesIn(selection.selectionSet) : [];
  });
}
