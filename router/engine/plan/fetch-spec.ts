import type { FetchNode } from '@apollo/query-planner';
import { type DocumentNode, Kind, parse, type SelectionSetNode } from 'graphql';
import { withoutName } from '../document.ts';
import type { EntityKeys } from '../entity-keys.ts';
import type { FetchCache } from '../fetch-cache.ts';
import type { Path } from '../run.ts';
import { leanFetch } from './lean-fetch.ts';
import { compileMerge, type Merge } from './merge.ts';
import { compileFinder, type ObjectFinder } from './path.ts';
import type { PlanTypes } from './plan-types.ts';
import { compileRepresentation, type Representer } from './representation.ts';
import { compileRewrites, type Rewrite, renamedKeys } from './rewrites.ts';

/** A fetch node with everything that can be known before a request comes. */
export interface FetchSpec {
  readonly subgraph: string;
  readonly kind: 'query' | 'mutation' | 'subscription';
  readonly query: string;
  readonly document: DocumentNode;
  readonly operationName: string | undefined;
  readonly variableNames: readonly string[];
  readonly at: Path;
  /** The objects at `at`. */
  readonly find: ObjectFinder;
  /** Response names the fetch sets at `at`. */
  readonly fields: ReadonlySet<string>;
  /** Takes over what the fetch brought for one object at `at`. */
  readonly merge: Merge;
  readonly represent: Representer | undefined;
  /** The fetch for entities that lack these fields of what is required of them; `undefined` when there is nothing to ask for without those. */
  readonly lean: (missing: ReadonlySet<string>) => LeanSpec | undefined;
  /** Does it bring objects, or only leaves? */
  readonly isNested: boolean;
  /** Set when other fetches of the plan ask the same of the same subgraph. */
  readonly sharedKey: string | undefined;
  /** Does the plan use `@fromContext` anywhere? Then equal entities at different places must stay apart. */
  readonly hasContext: boolean;
  readonly keys: EntityKeys;
  readonly interfaces: ReadonlySet<string>;
  readonly rewriteInput: Rewrite | undefined;
  readonly rewriteOutput: Rewrite | undefined;
  readonly renamed: ReadonlyMap<string, string>;
  /** Set when answers are kept. */
  readonly cache: FetchCache | undefined;
}

/** A fetch without the fields that need what some entities lack. */
export interface LeanSpec {
  readonly spec: FetchSpec;
  readonly represent: Representer;
  /** Response names that it no longer sets. */
  readonly dropped: ReadonlySet<string>;
}

export function compileFetchSpec(types: PlanTypes, node: FetchNode, at: Path): FetchSpec {
  const document = parse(node.operation, { noLocation: true });
  const { serviceName: subgraph, operation: query, operationName } = node;
  const renamed = renamedKeys(node.outputRewrites);
  const key = fetchKey(node);
  const names = topLevelNames(document, node.requires !== undefined);
  const fields = new Set([...names].map((name) => renamed.get(name) ?? name));
  return {
    subgraph,
    kind: node.operationKind,
    query,
    document,
    operationName,
    variableNames: node.variableUsages ?? [],
    at,
    find: compileFinder(at),
    fields,
    merge: compileMerge(new Set(['__typename', ...names, ...fields]), types.interfaces),
    represent: node.requires && compileRepresentation(types.schema, node.requires),
    lean: compileLean(types, node, at),
    isNested: isNested(document),
    sharedKey: types.repeatedFetches.has(key) ? key : undefined,
    hasContext: types.hasContext,
    keys: types.entityKeys.get(node.serviceName) ?? new Map(),
    interfaces: types.interfaces,
    rewriteInput: compileRewrites(types.schema, node.inputRewrites),
    rewriteOutput: compileRewrites(types.schema, node.outputRewrites),
    renamed,
    cache: types.caching?.compile({ subgraph, query, operationName, document }),
  };
}

/** Each compiled when the first entity needs it. */
function compileLean(types: PlanTypes, node: FetchNode, at: Path): FetchSpec['lean'] {
  const known = new Map<string, LeanSpec | null>();
  return (missing) => {
    const key = [...missing].sort().join();
    let found = known.get(key);
    if (found === undefined) {
      const lean = leanFetch(node, types.fieldNeeds.get(node.serviceName) ?? new Map(), missing);
      const spec = lean && compileFetchSpec(types, lean.node, at);
      found = spec?.represent
        ? { spec, represent: spec.represent, dropped: lean?.dropped ?? new Set() }
        : null;
      known.set(key, found);
    }
    return found ?? undefined;
  };
}

/** Response names at the top of the operation, or below `_entities`. */
function topLevelNames(document: DocumentNode, ofEntities: boolean): Set<string> {
  const names = new Set<string>();
  const fragments = new Map(
    document.definitions.flatMap((d) =>
      d.kind === Kind.FRAGMENT_DEFINITION ? [[d.name.value, d.selectionSet] as const] : [],
    ),
  );
  const collect = (set: SelectionSetNode | undefined, skipRoot: boolean): void => {
    for (const selection of set?.selections ?? []) {
      if (selection.kind === Kind.FRAGMENT_SPREAD) collect(fragments.get(selection.name.value), skipRoot);
      else if (selection.kind === Kind.INLINE_FRAGMENT) collect(selection.selectionSet, skipRoot);
      else if (skipRoot) collect(selection.selectionSet, false);
      else names.add(selection.alias?.value ?? selection.name.value);
    }
  };
  for (const definition of document.definitions)
    if (definition.kind === Kind.OPERATION_DEFINITION) collect(definition.selectionSet, ofEntities);
  return names;
}

/** Are there selections below the entities' own? */
function isNested(document: DocumentNode): boolean {
  return document.definitions.some(
    (definition) =>
      'selectionSet' in definition &&
      hasObjects(definition.selectionSet, definition.kind === Kind.OPERATION_DEFINITION),
  );
}

function hasObjects(set: SelectionSetNode, isRoot: boolean): boolean {
  return set.selections.some((selection) => {
    if (selection.kind === Kind.FRAGMENT_SPREAD || !selection.selectionSet) return false;
    if (selection.kind === Kind.INLINE_FRAGMENT || isRoot) return hasObjects(selection.selectionSet, false);
    return true;
  });
}

/** What a fetch of entities asks: equal for two that differ only in place and name. */
function fetchKey({
  serviceName,
  operation,
  operationName,
  requires,
  inputRewrites,
  outputRewrites,
}: FetchNode): string {
  return `${serviceName} ${withoutName(operation, operationName)} ${JSON.stringify([requires, inputRewrites, outputRewrites])}`;
}

/** Does any fetch of the plan take arguments from the context of its entities? */
export function usesContext(plan: unknown): boolean {
  return JSON.stringify(plan)?.includes('"contextRewrites":[') === true;
}

/** The keys of entity fetches that are in the plan more than once. */
export function repeatedFetches(plan: unknown): ReadonlySet<string> {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  // Plans are plain data: JSON visits every node.
  JSON.stringify(plan, (name, value: unknown) => {
    const node = value as Partial<FetchNode> | null;
    if (node?.kind === 'Fetch' && node.requires) {
      const key = fetchKey(node as FetchNode);
      if (seen.has(key)) repeated.add(key);
      seen.add(key);
    }
    return name === 'operationDocumentNode' ? undefined : value;
  });
  return repeated;
}
