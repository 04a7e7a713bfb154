import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  type InlineFragmentNode,
  isAbstractType,
  isCompositeType,
  isUnionType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';
import { expandFragments } from './expand-fragments.ts';
import { TYPENAME } from './planner-document.ts';

/**
 * The document without the fragments that no object can be of, when it has fragments on interfaces or unions: the planner stumbles over some of them. And with one fragment per
 * object type for one on another interface or a union, selected on an interface that some subgraph has as an `@interfaceObject`: the planner looks for the other type in that
 * subgraph, and when there is none it takes it that no object is of both.
 * @param interfaceObjects the interfaces that are an `@interfaceObject` somewhere
 */
export function liveFragments(
  document: DocumentNode,
  schema: GraphQLSchema,
  interfaceObjects: ReadonlySet<string>,
): DocumentNode {
  const expanded = hasAbstractCondition(document, schema) ? expandFragments(document) : undefined;
  if (!expanded) return document;
  const pruning = new Pruning(schema, interfaceObjects);
  const definitions = expanded.definitions.map((definition) => {
    const root =
      definition.kind === Kind.OPERATION_DEFINITION ? schema.getRootType(definition.operation) : undefined;
    return root && definition.kind === Kind.OPERATION_DEFINITION
      ? { ...definition, selectionSet: pruning.set(definition.selectionSet, root) }
      : definition;
  });
  return { ...expanded, definitions };
}

function hasAbstractCondition(document: DocumentNode, schema: GraphQLSchema): boolean {
  let found = false;
  const look = ({ typeCondition }: InlineFragmentNode | FragmentDefinitionNode): void => {
    if (typeCondition && isAbstractType(schema.getType(typeCondition.name.value))) found = true;
  };
  visit(document, { InlineFragment: look, FragmentDefinition: look });
  return found;
}

type Possible = ReadonlySet<GraphQLObjectType>;

class Pruning {
  readonly #schema: GraphQLSchema;
  readonly #interfaceObjects: ReadonlySet<string>;

  constructor(schema: GraphQLSchema, interfaceObjects: ReadonlySet<string>) {
    this.#schema = schema;
    this.#interfaceObjects = interfaceObjects;
  }

  /** @param possible the object types that it can be selected on */
  set(
    set: SelectionSetNode,
    type: GraphQLCompositeType,
    possible: Possible = this.#possible(type),
  ): SelectionSetNode {
    const selections = set.selections.flatMap((selection) => this.#selection(selection, type, possible));
    return { ...set, selections: selections.length > 0 ? selections : [TYPENAME] };
  }

  #selection(selection: SelectionNode, type: GraphQLCompositeType, possible: Possible): SelectionNode[] {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return [selection];
    if (selection.kind === Kind.INLINE_FRAGMENT) return this.#fragment(selection, type, possible);
    const field = isUnionType(type) ? undefined : type.getFields()[selection.name.value];
    const below = field && getNamedType(field.type);
    if (!selection.selectionSet || !isCompositeType(below)) return [selection];
    return [{ ...selection, selectionSet: this.set(selection.selectionSet, below) }];
  }

  #fragment(
    fragment: InlineFragmentNode,
    type: GraphQLCompositeType,
    possible: Possible,
  ): InlineFragmentNode[] {
    const named = fragment.typeCondition && this.#schema.getType(fragment.typeCondition.name.value);
    const condition = isCompositeType(named) ? named : type;
    const live = this.#possible(condition).intersection(possible);
    if (live.size === 0) return [];
    if (condition === type || !isAbstractType(condition) || !this.#interfaceObjects.has(type.name))
      return [{ ...fragment, selectionSet: this.set(fragment.selectionSet, condition, live) }];
    const fragments = [...live].map((one): InlineFragmentNode => {
      const name = { kind: Kind.NAME, value: one.name } as const;
      const selectionSet = this.set(fragment.selectionSet, condition, new Set([one]));
      const typeCondition = { kind: Kind.NAMED_TYPE, name } as const;
      return { kind: Kind.INLINE_FRAGMENT, typeCondition, directives: [], selectionSet };
    });
    // What is said of the fragment is said of all of them, once.
    if (!fragment.directives?.length) return fragments;
    const { typeCondition: _, ...bare } = fragment;
    return [{ ...bare, selectionSet: { ...fragment.selectionSet, selections: fragments } }];
  }

  #possible(type: GraphQLCompositeType): Possible {
    return new Set(isAbstractType(type) ? this.#schema.getPossibleTypes(type) : [type]);
  }
}
