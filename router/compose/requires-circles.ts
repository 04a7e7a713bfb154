import {
  type FieldDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  type ObjectTypeExtensionNode,
  parse,
  type SelectionSetNode,
  type TypeNode,
} from 'graphql';
import type { CompositionProblem } from './composition-failure.ts';
import type { SubgraphSource } from './supergraph-file.ts';

type Typed = ObjectTypeDefinitionNode | ObjectTypeExtensionNode;

interface Requiring {
  /** `Type.field` of what is required. */
  readonly needs: Set<string>;
  readonly location: string;
}

/** The `@requires` that need themselves, over however many others (`Parcel.price` → `Parcel.rate` → `Parcel.price`): nothing can answer those, and composition goes round them for ever. */
export function requiresCircles(sources: readonly SubgraphSource[]): CompositionProblem[] {
  const requiring = new Map<string, Requiring>();
  for (const source of sources) collect(source, requiring);
  const seen = new Set<string>();
  return [...requiring.keys()].flatMap((field) => {
    const circle = circleFrom(field, requiring, seen);
    if (!circle) return [];
    return [
      {
        code: 'REQUIRES_CIRCULAR',
        message: `@requires of ${field} needs itself: ${circle.join(' → ')}.`,
        locations: circle.slice(0, -1).flatMap((one) => requiring.get(one)?.location ?? []),
      },
    ];
  });
}

function collect({ sdl, file }: SubgraphSource, requiring: Map<string, Requiring>): void {
  const types = new Map<string, Map<string, FieldDefinitionNode>>();
  const definitions = parse(sdl).definitions.filter(
    (definition): definition is Typed =>
      definition.kind === Kind.OBJECT_TYPE_DEFINITION || definition.kind === Kind.OBJECT_TYPE_EXTENSION,
  );
  for (const { name, fields = [] } of definitions) {
    const known = types.get(name.value) ?? new Map<string, FieldDefinitionNode>();
    for (const field of fields) known.set(field.name.value, field);
    types.set(name.value, known);
  }
  for (const [type, fields] of types) {
    for (const field of fields.values()) {
      const required = requirementOf(field);
      if (!required) continue;
      const start = field.loc?.startToken;
      const name = `${type}.${field.name.value}`;
      const known = requiring.get(name) ?? {
        needs: new Set(),
        location: `${file}:${start?.line}:${start?.column}`,
      };
      for (const need of needsOf(required, type, types)) known.needs.add(need);
      requiring.set(name, known);
    }
  }
}

function requirementOf({ directives = [] }: FieldDefinitionNode): SelectionSetNode | undefined {
  const value = directives.find(({ name }) => name.value.endsWith('requires'))?.arguments?.[0]?.value;
  if (value?.kind !== Kind.STRING) return undefined;
  const [definition] = parse(`{ ${value.value} }`).definitions;
  return definition?.kind === Kind.OPERATION_DEFINITION ? definition.selectionSet : undefined;
}

function needsOf(
  { selections }: SelectionSetNode,
  type: string,
  types: ReadonlyMap<string, ReadonlyMap<string, FieldDefinitionNode>>,
): string[] {
  return selections.flatMap((selection) => {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return [];
    if (selection.kind === Kind.INLINE_FRAGMENT)
      return needsOf(selection.selectionSet, selection.typeCondition?.name.value ?? type, types);
    const field = types.get(type)?.get(selection.name.value);
    const below =
      field && selection.selectionSet ? needsOf(selection.selectionSet, namedType(field.type), types) : [];
    return [`${type}.${selection.name.value}`, ...below];
  });
}

function namedType(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type);
}

/** The way from the field back to itself, each circle once. */
function circleFrom(
  field: string,
  requiring: ReadonlyMap<string, Requiring>,
  seen: Set<string>,
): string[] | undefined {
  const walk = (at: string, way: readonly string[]): string[] | undefined => {
    if (at === field && way.length > 0) return [...way, at];
    if (seen.has(at)) return undefined;
    seen.add(at);
    for (const need of requiring.get(at)?.needs ?? []) {
      const found = walk(need, [...way, at]);
      if (found) return found;
    }
    return undefined;
  };
  return walk(field, []);
}
