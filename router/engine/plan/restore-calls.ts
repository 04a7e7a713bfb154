import type { FetchNode, PlanNode, QueryPlan, QueryPlanSelectionNode } from '@apollo/query-planner';
import {
  type FieldNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  type SelectionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';
import type { CallPaths } from '../entity-keys.ts';
import { expandFragments } from '../expand-fragments.ts';
import type { RequiredCall } from '../required-calls.ts';
import { mapFetches } from './map-fetches.ts';

export interface Calls {
  readonly byName: ReadonlyMap<string, RequiredCall>;
  /** Of every subgraph. */
  readonly paths: ReadonlyMap<string, CallPaths>;
}

/**
 * A plan made with `nameRequiredCalls`, as subgraphs understand it: what brings a call asks for the field with its arguments, under the call's name, and what needs it is given
 * it as the field. A fetch whose fields need different calls of one field becomes several.
 */
export function restoreCalls(plan: QueryPlan, calls: Calls): QueryPlan {
  if (calls.byName.size === 0 || !plan.node) return plan;
  return { ...plan, node: mapFetches(plan.node, (fetch) => restoredFetch(fetch, calls)) };
}

function restoredFetch(node: FetchNode, calls: Calls): PlanNode {
  const paths = callPaths(node.requires ?? [], calls);
  if (paths.length === 0) return withCalls(node, calls);
  const parts = partsOf(node, calls).map((part) => withCalls(withoutNames(part, calls), calls));
  return parts.length === 1 ? (parts[0] as FetchNode) : { kind: 'Parallel', nodes: parts };
}

/** Where the selections have calls: as `.object.call`. */
function callPaths(selections: readonly QueryPlanSelectionNode[], calls: Calls, above = ''): string[] {
  return selections.flatMap((selection) => {
    if (selection.kind !== 'Field') return callPaths(selection.selections, calls, above);
    const path = `${above}.${selection.name}`;
    return [
      ...(calls.byName.has(selection.name) ? [path] : []),
      ...callPaths(selection.selections ?? [], calls, path),
    ];
  });
}

/** The operation asks for the called fields. */
function withCalls({ operationDocumentNode: _, ...node }: FetchNode, { byName }: Calls): FetchNode {
  if (!node.operation.includes('__required')) return node;
  const operation = visit(parse(node.operation, { noLocation: true }), {
    Field(field): FieldNode | undefined {
      const call = byName.get(field.name.value);
      if (!call) return undefined;
      return {
        ...field,
        alias: field.alias ?? field.name,
        name: { kind: Kind.NAME, value: call.field },
        arguments: call.arguments,
      };
    },
  });
  return { ...node, operation: print(operation) };
}

/** What the subgraph is told has the names of the called fields. */
function withoutNames(node: FetchNode, calls: Calls): FetchNode {
  const renames: NonNullable<FetchNode['inputRewrites']> = [];
  const collect = (selections: readonly QueryPlanSelectionNode[], path: readonly string[]): void => {
    for (const selection of selections) {
      if (selection.kind === 'InlineFragment') {
        collect(
          selection.selections,
          selection.typeCondition ? [...path, `... on ${selection.typeCondition}`] : path,
        );
        continue;
      }
      const at = [...path, selection.name];
      collect(selection.selections ?? [], at);
      const call = calls.byName.get(selection.name);
      if (call) renames.push({ kind: 'KeyRenamer', path: at, renameKeyTo: call.field });
    }
  };
  collect(node.requires ?? [], []);
  // Before the others, which may change the type that they go by.
  return { ...node, inputRewrites: [...renames, ...(node.inputRewrites ?? [])] };
}

/** One fetch for the fields that can be told the same; most often there is but one. */
function partsOf(node: FetchNode, calls: Calls): FetchNode[] {
  const needs = calls.paths.get(node.serviceName) ?? new Map<string, readonly string[]>();
  const all = callPaths(node.requires ?? [], calls);
  if (!conflict(all, calls)) return [node];
  const [operation] = expandFragments(parse(node.operation, { noLocation: true }))?.definitions ?? [];
  const [entities] = operation?.kind === Kind.OPERATION_DEFINITION ? operation.selectionSet.selections : [];
  if (
    operation?.kind !== Kind.OPERATION_DEFINITION ||
    entities?.kind !== Kind.FIELD ||
    !entities.selectionSet
  )
    return [node];
  const parts: { paths: readonly string[]; readonly fields: Set<FieldNode> }[] = [];
  for (const { field, type } of fieldsIn(entities.selectionSet)) {
    const paths = needs.get(`${type}.${field.name.value}`) ?? [];
    const part = parts.find((known) => !conflict([...known.paths, ...paths], calls));
    if (part) {
      part.paths = [...part.paths, ...paths];
      part.fields.add(field);
    } else parts.push({ paths, fields: new Set([field]) });
  }
  return parts.map(({ paths, fields }) => ({
    ...node,
    operation: print(only(operation, entities, fields)),
    requires: told(node.requires ?? [], new Set(paths), calls),
  }));
}

/** Are there two calls of one field at one place? */
function conflict(paths: readonly string[], { byName }: Calls): boolean {
  const seen = new Map<string, string>();
  return paths.some((path) => {
    const start = path.lastIndexOf('.') + 1;
    const place = path.slice(0, start) + byName.get(path.slice(start))?.field;
    const known = seen.get(place) ?? path;
    seen.set(place, known);
    return known !== path;
  });
}

/** The fields of the entities, with the types they are selected on. */
function fieldsIn({ selections }: SelectionSetNode, type = ''): { field: FieldNode; type: string }[] {
  return selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [{ field: selection, type }];
    return selection.kind === Kind.INLINE_FRAGMENT
      ? fieldsIn(selection.selectionSet, selection.typeCondition?.name.value ?? type)
      : [];
  });
}

function only(
  operation: OperationDefinitionNode,
  entities: FieldNode,
  fields: ReadonlySet<FieldNode>,
): OperationDefinitionNode {
  const prune = (set: SelectionSetNode): SelectionSetNode => ({
    ...set,
    selections: set.selections.flatMap((selection): SelectionNode[] => {
      if (selection.kind === Kind.FIELD) return fields.has(selection) ? [selection] : [];
      if (selection.kind !== Kind.INLINE_FRAGMENT) return [];
      const selectionSet = prune(selection.selectionSet);
      return selectionSet.selections.length > 0 ? [{ ...selection, selectionSet }] : [];
    }),
  });
  const pruned = {
    ...entities,
    ...(entities.selectionSet && { selectionSet: prune(entities.selectionSet) }),
  };
  const used = new Set<string>();
  visit(pruned, { Variable: ({ name }) => void used.add(name.value) });
  const variableDefinitions =
    operation.variableDefinitions?.filter(({ variable }) => used.has(variable.name.value)) ?? [];
  return {
    ...operation,
    variableDefinitions,
    selectionSet: { kind: Kind.SELECTION_SET, selections: [pruned] },
  };
}

/** What is required, without the calls that others need. */
function told(
  selections: readonly QueryPlanSelectionNode[],
  paths: ReadonlySet<string>,
  calls: Calls,
  above = '',
): QueryPlanSelectionNode[] {
  return selections.flatMap((selection): QueryPlanSelectionNode[] => {
    if (selection.kind === 'InlineFragment')
      return [{ ...selection, selections: told(selection.selections, paths, calls, above) }];
    const path = `${above}.${selection.name}`;
    if (calls.byName.has(selection.name) && !paths.has(path)) return [];
    if (!selection.selections) return [selection];
    const below = told(selection.selections, paths, calls, path);
    return below.length > 0 ? [{ ...selection, selections: below }] : [];
  });
}
