import {
  type DirectiveNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLInterfaceType,
  type GraphQLObjectType,
  type GraphQLSchema,
  type InlineFragmentNode,
  isAbstractType,
  isInterfaceType,
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
  /** With what is `@inaccessible`. */
  readonly fullSchema: GraphQLSchema;
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
  /** Is something selected for some types only, when which of them the object is of is not known? */
  readonly isUndecided: boolean;
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
  let isUndecided = false;
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
      if (!fragment) continue;
      const defer = deferOf(context, selection);
      const matching = matches(context.schema, fragment, type);
      if (matching === 'some' && !defer) isUndecided = true;
      if (matching !== 'all') continue;
      if (defer) deferred.set(defer.id, fragment.selectionSet);
      else if (fragment.kind === Kind.INLINE_FRAGMENT) collect(fragment.selectionSet);
      else if (!visited.has(fragment.name.value)) {
        visited.add(fragment.name.value);
        collect(fragment.selectionSet);
      }
    }
  };
  for (const set of sets) collect(set);
  return { fields, deferred, isUndecided };
}

function deferOf({ defers, conditions }: CollectContext, selection: SelectionNode): Defer | undefined {
  const directive = defers && activeDefer(selection, conditions);
  return directive && defers.get(directive);
}

/** How many of the objects of the type the fragment is for: of an object type, all or none. */
function matches(
  schema: GraphQLSchema,
  fragment: FragmentDefinitionNode | InlineFragmentNode,
  type: RuntimeType,
): 'all' | 'some' | 'none' {
  const condition = fragment.typeCondition?.name.value;
  if (condition === undefined || condition === type.name) return 'all';
  const wanted = schema.getType(condition);
  if (isAbstractType(wanted) && schema.isSubType(wanted, type)) return 'all';
  if (!isInterfaceType(type)) return 'none';
  const isWanted = (one: GraphQLObjectType) =>
    one === wanted || (isAbstractType(wanted) && schema.isSubType(wanted, one));
  return schema.getPossibleTypes(type).some(isWanted) ? 'some' : 'none';
}
