import {
  type DirectiveNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLInterfaceType,
  type GraphQLObjectType,
  type GraphQLSchema,
  type InlineFragmentNode,
  isAbstractType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { AliasRule } from '../aliases.ts';
import { activeDefer, type Conditions, type Defer } from '../defers.ts';
import { isIncluded } from '../planner-document.ts';

/** A type an object in a response can turn out to have; an interface only where a subgraph knows it as an `@interfaceObject`. */
export type RuntimeType = GraphQLObjectType | GraphQLInterfaceType;

export interface CollectContext {
  readonly schema: GraphQLSchema;
  readonly aliases: AliasRule;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly conditions: Conditions;
  /** The `@defer`s to leave for later payloads. */
  readonly defers?: ReadonlyMap<DirectiveNode, Defer>;
}

export interface Collected {
  /** Field nodes by response name, in response order. */
  readonly fields: ReadonlyMap<string, readonly FieldNode[]>;
  /** What is left for later payloads, by the id of its `@defer`. */
  readonly deferred: ReadonlyMap<string, SelectionSetNode>;
}

/** `CollectFields` of the specification, with the conditions already known. */
export function collectFields(
  context: CollectContext,
  type: RuntimeType,
  sets: readonly SelectionSetNode[],
): Collected {
  const fields = new Map<string, FieldNode[]>();
  const deferred = new Map<string, SelectionSetNode>();
  const visited = new Set<string>();
  const collect = (set: SelectionSetNode): void => {
    for (const selection of set.selections) {
      if (!isIncluded(selection, context.conditions)) continue;
      if (selection.kind === Kind.FIELD) {
        const key = selection.alias?.value ?? selection.name.value;
        const nodes = fields.get(key);
        if (nodes) nodes.push(selection);
        else fields.set(key, [selection]);
        continue;
      }
      const fragment =
        selection.kind === Kind.FRAGMENT_SPREAD ? context.fragments.get(selection.name.value) : selection;
      if (!fragment || !applies(context.schema, fragment, type)) continue;
      const defer = deferOf(context, selection);
      if (defer) deferred.set(defer.id, fragment.selectionSet);
      else if (fragment.kind === Kind.INLINE_FRAGMENT) collect(fragment.selectionSet);
      else if (!visited.has(fragment.name.value)) {
        visited.add(fragment.name.value);
        collect(fragment.selectionSet);
      }
    }
  };
  for (const set of sets) collect(set);
  return { fields, deferred };
}

function deferOf({ defers, conditions }: CollectContext, selection: SelectionNode): Defer | undefined {
  const directive = defers && activeDefer(selection, conditions);
  return directive && defers.get(directive);
}

function applies(
  schema: GraphQLSchema,
  fragment: FragmentDefinitionNode | InlineFragmentNode,
  type: RuntimeType,
): boolean {
  const condition = fragment.typeCondition?.name.value;
  if (condition === undefined || condition === type.name) return true;
  const conditionType = schema.getType(condition);
  return isAbstractType(conditionType) && schema.isSubType(conditionType, type);
}
