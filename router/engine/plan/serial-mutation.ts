import type { FetchNode, QueryPlan } from '@apollo/query-planner';
import {
  type DocumentNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { mapFetches } from './map-fetches.ts';

/**
 * The mutation without fragments around its fields: the planner merges fragments on one type, and so calls the fields of the second before what is between them.
 * @param document of which the fragments are expanded and the conditions carried out
 */
export function flattenRoot(document: DocumentNode): DocumentNode {
  return withRoot(document, ({ selections, ...set }) => ({ ...set, selections: selections.flatMap(flat) }));
}

function flat(selection: SelectionNode): readonly SelectionNode[] {
  if (selection.kind !== Kind.INLINE_FRAGMENT || selection.directives?.length) return [selection];
  return selection.selectionSet.selections.flatMap(flat);
}

/**
 * The fetches of a mutation call its fields in the client's order, which is that in which they take effect. The planner writes a field first of which it selects first, and it
 * selects what others require before a key.
 * @param asked the document that was planned, with a flat root
 * @param name of the operation in it
 */
export function inOrder(plan: QueryPlan, asked: DocumentNode, name: string | undefined): QueryPlan {
  const operation = asked.definitions.filter(isMutation).find((one) => one.name?.value === name);
  if (!plan.node || !operation) return plan;
  const order = [...new Set(operation.selectionSet.selections.map(responseName))];
  return order.length < 2 ? plan : { ...plan, node: mapFetches(plan.node, (fetch) => sorted(fetch, order)) };
}

function sorted(fetch: FetchNode, order: readonly (string | undefined)[]): FetchNode {
  if (fetch.operationKind !== 'mutation') return fetch;
  const place = (selection: SelectionNode) => order.indexOf(responseName(selection));
  let isChanged = false;
  const document = withRoot(parse(fetch.operation, { noLocation: true }), (set) => {
    const selections = set.selections.toSorted((one, other) => place(one) - place(other));
    isChanged = selections.some((selection, index) => selection !== set.selections[index]);
    return { ...set, selections };
  });
  if (!isChanged) return fetch;
  const { operationDocumentNode: _, ...bare } = fetch;
  return { ...bare, operation: print(document) };
}

function withRoot(document: DocumentNode, change: (set: SelectionSetNode) => SelectionSetNode): DocumentNode {
  const definitions = document.definitions.map((definition) =>
    isMutation(definition) ? { ...definition, selectionSet: change(definition.selectionSet) } : definition,
  );
  return { ...document, definitions };
}

const isMutation = (node: DocumentNode['definitions'][number]): node is OperationDefinitionNode =>
  node.kind === Kind.OPERATION_DEFINITION && node.operation === 'mutation';

const responseName = (selection: SelectionNode): string | undefined =>
  selection.kind === Kind.FIELD ? (selection.alias ?? selection.name).value : undefined;
