import {
  type DocumentNode,
  type FieldNode,
  GraphQLError,
  type GraphQLSchema,
  isAbstractType,
  Kind,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { expandFragments } from './expand-fragments.ts';
import { type ConflictingRequirements, conflict } from './requirements.ts';

/** More parts than this are not worth their fetches. */
const MOST_PARTS = 16;

/**
 * The document in as many parts as it takes for each to be planned rightly. Their answers, merged, are the document's.
 * @throws GraphQLError for anything but a query, whose parts may be run apart
 */
export function splitByRequirements(
  document: DocumentNode,
  schema: GraphQLSchema,
  conflicting: ConflictingRequirements,
): readonly DocumentNode[] {
  if (conflicting.size === 0) return [document];
  const expanded = expandFragments(document);
  const root = expanded && placesOf(expanded, schema, conflicting);
  const count = root ? assignParts(root, conflicting) : 1;
  if (!expanded || !root || count === 1) return [document];
  const operation = expanded.definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  if (operation?.operation !== 'query' || count > MOST_PARTS) {
    throw new GraphQLError(
      `${[...namesIn(root)].join(', ')} need the same field with different arguments: ask for them in queries of their own.`,
      { extensions: { code: 'CONFLICTING_REQUIREMENTS' } },
    );
  }
  return Array.from({ length: count }, (_, part) => partOf(expanded, root, part));
}

/** Everything at one place of the response, whatever fragments it is selected in. */
interface Place {
  /** `Type.field` of those that conflict with another one somewhere. */
  readonly names: Set<string>;
  readonly below: Map<string, Place>;
  /** The parts of the document that have it. */
  readonly parts: Set<number>;
}

const newPlace = (): Place => ({ names: new Set(), below: new Map(), parts: new Set() });
const keyOf = ({ alias, name }: FieldNode): string => (alias ?? name).value;

function placesOf(
  document: DocumentNode,
  schema: GraphQLSchema,
  conflicting: ConflictingRequirements,
): Place {
  const root = newPlace();
  const trail = [root];
  const types = new TypeInfo(schema);
  visit(
    document,
    visitWithTypeInfo(types, {
      Field: {
        enter(node) {
          const above = trail.at(-1) as Place;
          const place = above.below.get(keyOf(node)) ?? newPlace();
          above.below.set(keyOf(node), place);
          for (const name of namesOf(node, types, schema)) if (conflicting.has(name)) place.names.add(name);
          trail.push(place);
        },
        leave() {
          trail.pop();
        },
      },
    }),
  );
  return root;
}

/** `Type.field` for every type the field may be of here. */
function namesOf(node: FieldNode, types: TypeInfo, schema: GraphQLSchema): string[] {
  const parent = types.getParentType();
  if (!parent) return [];
  const possible = isAbstractType(parent) ? schema.getPossibleTypes(parent) : [parent];
  return possible.map((type) => `${type.name}.${node.name.value}`);
}

/** Gives every place its parts: what conflicts at one object goes to parts that have nothing else there. @returns how many there are */
function assignParts(root: Place, conflicting: ConflictingRequirements): number {
  let count = 1;
  const assign = (place: Place, part: number): void => {
    place.parts.add(part);
    const taken: { readonly part: number; readonly names: readonly string[] }[] = [];
    for (const child of place.below.values()) {
      const names = [...child.names];
      const free = (candidate: number) =>
        taken.every((other) => other.part !== candidate || !anyConflict(names, other.names, conflicting));
      const own = [part, ...new Set(taken.map((other) => other.part))].find(free) ?? count++;
      if (names.length > 0) taken.push({ part: own, names });
      assign(child, own);
      for (const below of child.parts) place.parts.add(below);
    }
  };
  assign(root, 0);
  return count;
}

function anyConflict(
  some: readonly string[],
  others: readonly string[],
  conflicting: ConflictingRequirements,
): boolean {
  return some.some((one) => others.some((other) => conflict(conflicting, one, other)));
}

function namesIn(place: Place): Set<string> {
  return new Set([...place.names, ...[...place.below.values()].flatMap((child) => [...namesIn(child)])]);
}

function partOf(document: DocumentNode, root: Place, part: number): DocumentNode {
  const trail = [root];
  return visit(document, {
    Field: {
      enter(node) {
        const place = trail.at(-1)?.below.get(keyOf(node));
        if (!place?.parts.has(part)) return null;
        trail.push(place);
        return undefined;
      },
      leave() {
        trail.pop();
      },
    },
    InlineFragment: {
      leave: (node) => (node.selectionSet.selections.length > 0 ? undefined : null),
    },
  });
}
