import {
  type DocumentNode,
  type FieldNode,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import type { Requirement, Requirements } from './requirements.ts';

/** Stands in where nothing else of a selection is left, and tells the runtime type of what was selected. */
export const TYPE_ALIAS = 'aisle_typename';

export interface Filtered {
  /** What may be planned. `undefined` when nothing of the operation is left. */
  readonly document: DocumentNode | undefined;
  /** The fields taken out, as nodes of the original document. */
  readonly denied: ReadonlySet<FieldNode>;
}

const typename: FieldNode = {
  kind: Kind.FIELD,
  alias: { kind: Kind.NAME, value: TYPE_ALIAS },
  name: { kind: Kind.NAME, value: '__typename' },
};

/** Takes out of an operation what the caller may not see, before anything is planned: no subgraph hears of it. */
export function filterDocument(
  document: DocumentNode,
  schema: GraphQLSchema,
  requirements: Requirements,
  isMet: (requirement: Requirement) => boolean,
): Filtered {
  const denied = new Set<FieldNode>();
  const info = new TypeInfo(schema);
  const deniesType = (name: string): boolean => {
    const requirement = requirements.types.get(name);
    return requirement !== undefined && !isMet(requirement);
  };
  const deniesField = (parent: string, field: string): boolean => {
    const requirement = requirements.fields.get(`${parent}.${field}`);
    return requirement !== undefined && !isMet(requirement);
  };
  /** A field of an interface is denied when any type behind it denies it: its presence must not depend on what is found. */
  const isDenied = (): boolean => {
    const parent = info.getParentType();
    const field = info.getFieldDef();
    if (!parent || !field) return false;
    const result = getNamedType(field.type);
    if (deniesType(parent.name) || deniesField(parent.name, field.name) || deniesType(result.name))
      return true;
    return (
      isAbstractType(parent) &&
      schema.getPossibleTypes(parent).some(({ name }) => deniesType(name) || deniesField(name, field.name))
    );
  };

  const marked = visit(
    document,
    visitWithTypeInfo(info, {
      Field: {
        enter(node) {
          if (!isDenied()) return undefined;
          denied.add(node);
          return null;
        },
      },
      InlineFragment: {
        enter(node) {
          const condition = node.typeCondition?.name.value;
          return condition !== undefined && deniesType(condition)
            ? denyWithin(node.selectionSet, denied)
            : undefined;
        },
      },
    }),
  );
  if (denied.size === 0) return { document, denied };
  return { document: fill(marked, schema), denied };
}

function denyWithin(set: SelectionSetNode, denied: Set<FieldNode>): null {
  for (const selection of set.selections) {
    if (selection.kind === Kind.FIELD) denied.add(selection);
    else if (selection.kind === Kind.INLINE_FRAGMENT) denyWithin(selection.selectionSet, denied);
  }
  return null;
}

/** Every selection says its type, so that it is not empty and nulls can be put where they belong. */
function fill(document: DocumentNode, schema: GraphQLSchema): DocumentNode | undefined {
  const info = new TypeInfo(schema);
  let rootIsEmpty = false;
  const filled = visit(
    document,
    visitWithTypeInfo(info, {
      SelectionSet: {
        leave(node, _key, parent) {
          const isRoot =
            !Array.isArray(parent) &&
            parent !== undefined &&
            'kind' in parent &&
            parent.kind === Kind.OPERATION_DEFINITION;
          if (isRoot) {
            if (node.selections.length === 0) rootIsEmpty = true;
            return undefined;
          }
          return isCompositeType(info.getParentType() ?? undefined) || node.selections.length === 0
            ? { ...node, selections: [...node.selections, typename] as SelectionNode[] }
            : undefined;
        },
      },
    }),
  );
  return rootIsEmpty ? undefined : withoutUnusedVariables(filled);
}

/** Variables that only a removed field used would make the rest invalid. */
function withoutUnusedVariables(document: DocumentNode): DocumentNode {
  const used = new Set<string>();
  visit(document, {
    VariableDefinition: () => false,
    Variable({ name }) {
      used.add(name.value);
    },
  });
  return visit(document, {
    VariableDefinition: (node) => (used.has(node.variable.name.value) ? undefined : null),
  });
}
