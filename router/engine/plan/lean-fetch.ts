import type { FetchNode, QueryPlanSelectionNode } from '@apollo/query-planner';
import {
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  type SelectionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';
import type { FieldNeeds } from '../entity-keys.ts';
import { expandFragments } from '../expand-fragments.ts';

export interface LeanFetch {
  readonly node: FetchNode;
  /** Response names that it no longer asks for. */
  readonly dropped: ReadonlySet<string>;
}

/**
 * The fetch for entities that lack some of what it requires (top-level fields `missing`): without the fields that need it. `undefined` when nothing is left to ask for.
 *
 * The planner makes one fetch of what one type of an interface needs and what all of them do, so that it requires of all what only one of them has; and what an entity lacks
 * because its fetch failed should not cost it fields that do not need it.
 */
export function leanFetch(
  node: FetchNode,
  needs: FieldNeeds,
  missing: ReadonlySet<string>,
): LeanFetch | undefined {
  const document = expandFragments(parse(node.operation, { noLocation: true }));
  const [operation] = document?.definitions ?? [];
  if (operation?.kind !== Kind.OPERATION_DEFINITION) return undefined;
  const dropped = new Set<string>();
  const prune = (set: SelectionSetNode, type: string): SelectionSetNode => ({
    ...set,
    selections: set.selections.flatMap((selection): SelectionNode[] => {
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        const selectionSet = prune(selection.selectionSet, selection.typeCondition?.name.value ?? type);
        return selectionSet.selections.length > 0 ? [{ ...selection, selectionSet }] : [];
      }
      if (selection.kind !== Kind.FIELD) return [selection];
      if (!needs.get(`${type}.${selection.name.value}`)?.some((name) => missing.has(name)))
        return [selection];
      dropped.add((selection.alias ?? selection.name).value);
      return [];
    }),
  });
  const [entities] = operation.selectionSet.selections;
  if (entities?.kind !== Kind.FIELD || !entities.selectionSet) return undefined;
  const selectionSet = prune(entities.selectionSet, '');
  if (dropped.size > 0 && !selectsMore(selectionSet)) return undefined;
  const lean: OperationDefinitionNode = {
    ...operation,
    selectionSet: { kind: Kind.SELECTION_SET, selections: [{ ...entities, selectionSet }] },
  };
  const used = variablesOf(lean);
  const variableDefinitions = operation.variableDefinitions?.filter(({ variable }) =>
    used.has(variable.name.value),
  );
  const { operationDocumentNode: _, ...rest } = node;
  return {
    node: {
      ...rest,
      operation: print({ ...lean, variableDefinitions }),
      requires: without(node.requires ?? [], missing),
      ...(node.variableUsages && { variableUsages: node.variableUsages.filter((name) => used.has(name)) }),
    },
    dropped,
  };
}

/** Is anything but the type selected? */
function selectsMore({ selections }: SelectionSetNode): boolean {
  return selections.some((selection) =>
    selection.kind === Kind.INLINE_FRAGMENT
      ? selectsMore(selection.selectionSet)
      : selection.name.value !== '__typename',
  );
}

/** Those in selections and directives, not their definitions. */
function variablesOf({ selectionSet, directives }: OperationDefinitionNode): ReadonlySet<string> {
  const used = new Set<string>();
  const collect = { Variable: ({ name }: { name: { value: string } }) => void used.add(name.value) };
  for (const part of [selectionSet, ...(directives ?? [])]) visit(part, collect);
  return used;
}

function without(
  selections: readonly QueryPlanSelectionNode[],
  missing: ReadonlySet<string>,
): QueryPlanSelectionNode[] {
  return selections.flatMap((selection): QueryPlanSelectionNode[] => {
    if (selection.kind === 'Field') return missing.has(selection.alias ?? selection.name) ? [] : [selection];
    return [{ ...selection, selections: without(selection.selections, missing) }];
  });
}
