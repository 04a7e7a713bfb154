import type { Subgraphs } from '@apollo/federation-internals';
import { Kind, parse } from 'graphql';

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

/** Can the subgraph find the entity? The planner lets through objects of types it does not know, and others without their key. */
export function isAskable(keys: EntityKeys, representation: Readonly<Record<string, unknown>>): boolean {
  const candidates = keys.get(representation.__typename as string);
  return candidates?.some((key) => key.every((field) => representation[field] !== undefined)) === true;
}

function topLevel(fields: string): string[] {
  const definition = parse(`{ ${fields} }`, { noLocation: true }).definitions[0];
  if (definition?.kind !== Kind.OPERATION_DEFINITION) return [];
  return definition.selectionSet.selections.flatMap((selection) =>
    selection.kind === Kind.FIELD ? [selection.name.value] : [],
  );
}
