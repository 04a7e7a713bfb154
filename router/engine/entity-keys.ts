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
  return new Map(
    [...subgraphs].map(({ name, schema }) => {
      const needs = [...schema.objectTypes(), ...schema.interfaceTypes()].flatMap((type) => {
        const types = type.kind === 'InterfaceType' ? [type, ...type.possibleRuntimeTypes()] : [type];
        return type.fields().flatMap((field) => {
          const required = types.flatMap((one) => requiredBy(one.field(field.name)));
          return required.length > 0 ? [[`${type.name}.${field.name}`, required] as const] : [];
        });
      });
      return [name, new Map(needs)];
    }),
  );
}

function requiredBy(field: FieldDefinition<ObjectType | InterfaceType> | undefined): string[] {
  const directives = field?.appliedDirectivesOf('requires') ?? [];
  return directives.flatMap((requires) => topLevel(String(requires.arguments().fields)));
}

/** Can the subgraph find the entity? The planner lets through objects of types it does not know, and others without their key. */
export function isAskable(keys: EntityKeys, representation: Readonly<Record<string, unknown>>): boolean {
  const candidates = keys.get(representation.__typename as string);
  return candidates?.some((key) => key.every((field) => representation[field] !== undefined)) === true;
}

function topLevel(fields: string): string[] {
  const definition = parse(`{ ${fields} }`, { noLocation: true }).definitions[0];
  return definition?.kind === Kind.OPERATION_DEFINITION ? namesIn(definition.selectionSet) : [];
}

function namesIn({ selections }: SelectionSetNode): string[] {
  return selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [selection.name.value];
    return selection.kind === Kind.INLINE_FRAGMENT ? namesIn(selection.selectionSet) : [];
  });
}
