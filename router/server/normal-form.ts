import { type DocumentNode, Kind, print } from 'graphql';

/**
 * One text for all spellings of a document: no comments, the white space of graphql-js, the operations first and then the fragments by name.
 * A registered operation is known by this text and by its SHA-256.
 */
export function normalForm({ definitions }: DocumentNode): string {
  const fragments = definitions
    .filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION)
    .sort((a, b) => (a.name.value < b.name.value ? -1 : 1));
  const others = definitions.filter((definition) => definition.kind !== Kind.FRAGMENT_DEFINITION);
  return print({ kind: Kind.DOCUMENT, definitions: [...others, ...fragments] });
}
