import { type ConstDirectiveNode, Kind, parse, print, type SelectionSetNode } from 'graphql';

const REQUIRES_WITH_ARGUMENTS = /requires: "(?:[^"\\]|\\.)*\(/;

/** What one `@requires` selects: below the entity, the arguments of each field by its path. */
type Requirement = ReadonlyMap<string, string>;

/** The `@requires` of a graph that cannot be met at once, by `Type.field`. */
export type ConflictingRequirements = ReadonlyMap<string, Requirement>;

/**
 * Fields of one type that require the same field with different arguments. The planner selects a required field under its plain name, and so gives all of them what one of
 * them asked for.
 */
export function conflictingRequirements(supergraphSdl: string): ConflictingRequirements {
  const conflicting = new Map<string, Requirement>();
  if (!REQUIRES_WITH_ARGUMENTS.test(supergraphSdl)) return conflicting;
  for (const definition of parse(supergraphSdl, { noLocation: true }).definitions) {
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION) continue;
    const found: [field: string, Requirement][] = [];
    for (const field of definition.fields ?? [])
      for (const text of requiredBy(field.directives ?? []))
        found.push([field.name.value, requirementOf(text)]);
    const whole = found.map(([field, requirement]) => [field, withRequired(requirement, found)] as const);
    for (const [field, requirement] of whole) {
      if (whole.some(([, other]) => conflicts(requirement, other)))
        conflicting.set(`${definition.name.value}.${field}`, requirement);
    }
  }
  return conflicting;
}

/** May these two, each as `Type.field`, not be asked for at one object at once? */
export function conflict(conflicting: ConflictingRequirements, one: string, other: string): boolean {
  const [a, b] = [conflicting.get(one), conflicting.get(other)];
  return a !== undefined && b !== undefined && typeOf(one) === typeOf(other) && conflicts(a, b);
}

const typeOf = (name: string) => name.slice(0, name.indexOf('.'));

function requiredBy(directives: readonly ConstDirectiveNode[]): string[] {
  return directives
    .filter(({ name }) => name.value === 'join__field')
    .flatMap(({ arguments: args = [] }) => args.filter(({ name }) => name.value === 'requires'))
    .flatMap(({ value }) => (value.kind === Kind.STRING ? [value.value] : []));
}

function requirementOf(text: string): Requirement {
  const paths = new Map<string, string>();
  const walk = (set: SelectionSetNode, trail: string): void => {
    for (const selection of set.selections) {
      if (selection.kind === Kind.FRAGMENT_SPREAD) continue;
      const below =
        selection.kind === Kind.INLINE_FRAGMENT
          ? `${trail}/${selection.typeCondition?.name.value ?? ''}`
          : `${trail}.${selection.name.value}`;
      if (selection.kind === Kind.FIELD)
        paths.set(below, (selection.arguments ?? []).map(print).sort().join());
      if (selection.selectionSet) walk(selection.selectionSet, below);
    }
  };
  const [definition] = parse(`{${text}}`, { noLocation: true }).definitions;
  if (definition?.kind === Kind.OPERATION_DEFINITION) walk(definition.selectionSet, '');
  return paths;
}

/** With what the required fields of the same type require in their turn. */
function withRequired(
  requirement: Requirement,
  found: readonly (readonly [string, Requirement])[],
): Requirement {
  const paths = new Map(requirement);
  // What is added while this goes on is visited as well.
  for (const path of paths.keys()) {
    for (const [field, further] of found) {
      if (path !== `.${field}`) continue;
      for (const [below, args] of further) if (!paths.has(below)) paths.set(below, args);
    }
  }
  return paths;
}

function conflicts(one: Requirement, other: Requirement): boolean {
  for (const [path, args] of one) if ((other.get(path) ?? args) !== args) return true;
  return false;
}
