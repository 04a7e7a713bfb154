import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLInterfaceType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isAbstractType,
  Kind,
  type SelectionSetNode,
} from 'graphql';

import type { AliasRule } from '../aliases.ts';
import { type Conditions, isDeferred, isIncluded } from '../planner-document.ts';

/** A type an object in a response can turn out to have; an interface only where a subgraph knows it as an `@interfaceObject`. */
export type RuntimeType = GraphQLObjectType | GraphQLInterfaceType;

export interface CollectContext {
  readonly schema: GraphQLSchema;
  readonly aliases: AliasRule;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly conditions: Conditions;
  /** Leaves out what is under an active `@defer`. */
  readonly withoutDeferred?: boolean;
}

/** `CollectFields` of the specification, with the conditions already known: field nodes by response name, in response order. */
export function collectFields(
  context: CollectContext,
  type: RuntimeType,
  sets: readonly SelectionSetNode[],
): Map<string, FieldNode[]> {
  const fields = new Map<string, FieldNode[]>();
  const visited = new Set<string>();
  const collect = (set: SelectionSetNode): void => {
    for (const selection of set.selections) {
      if (!isIncluded(selection, context.conditions)) continue;
      if (context.withoutDeferred && isDeferred(selection, context.conditions)) continue;
      if (selection.kind === Kind.FIELD) {
        const key = selection.alias?.value ?? selection.name.value;
        const nodes = fields.get(key);
        if (nodes) nodes.push(selection);
        else fields.set(key, [selection]);
        continue;
      }
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        if (applies(context.schema, selection.typeCondition?.name.value, type))
          collect(selection.selectionSet);
        continue;
      }
      const name = selection.name.value;
      const fragment = context.fragments.get(name);
      if (!fragment || visited.has(name)) continue;
      visited.add(name);
      if (applies(context.schema, fragment.typeCondition.name.value, type)) collect(fragment.selectionSet);
    }
  };
  for (const set of sets) collect(set);
  return fields;
}

function applies(schema: GraphQLSchema, condition: string | undefined, type: RuntimeType): boolean {
  if (condition === undefined || condition === type.name) return true;
  const conditionType = schema.getType(condition);
  return isAbstractType(conditionType) && schema.isSubType(conditionType, type);
}
