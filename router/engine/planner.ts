import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { compileFunction } from 'node:vm';
import {
  baseType,
  type CompositeType,
  federationMetadata,
  isCompositeType,
  isInterfaceObjectType,
  isUnionType,
  parseFieldSetArgument,
  possibleRuntimeTypes,
  type Schema,
  type SelectionSet,
} from '@apollo/federation-internals';
import type { QueryPlanner as Planner } from '@apollo/query-planner';

/** A fault of `@apollo/query-planner` 2.14: what its code says, and what it ought to say. */
interface Correction {
  readonly wrong: string;
  readonly right: string;
}

/** Decision 14 says why these are made, and when they go. They are tested by `stock-plans-wrongly.int.test.ts` and `random-graphs.property.int.test.ts`. */
const CORRECTIONS: readonly Correction[] = [
  {
    // A required field that requires others in its turn was moved into the fetch that found its entity, when that is of the same subgraph: before those others are there.
    wrong:
      'if (created.subgraphName === parent.group.subgraphName && parent.group.canMergeChildIn(created)) {',
    right:
      'if (created.subgraphName === parent.group.subgraphName && created.parents().length === 1 && parent.group.canMergeChildIn(created) && canAnswer(typeAtPath(parent.group.selection.parentType, created.parents()[0].path), created.selection)) {',
  },
  {
    // What is required from a second subgraph was asked of the first one, when that declares it as `@external`.
    wrong:
      'const newGroupIsUnneeded = parent.path && groupCopy.selection.canRebaseOn(typeAtPath(parent.group.selection.parentType, parent.path));',
    right:
      'const newGroupIsUnneeded = parent.path && groupCopy.selection.canRebaseOn(typeAtPath(parent.group.selection.parentType, parent.path)) && canAnswer(typeAtPath(parent.group.selection.parentType, parent.path), groupCopy.selection);',
  },
  {
    // Between two `@interfaceObject` subgraphs, the `__typename` of one was selected on the type of the other, which the planner itself then refuses.
    wrong: 'preRequireGroup.addAtPath(requirePath.inGroup(), keyInputs.selections());',
    right: `const keyPath = requirePath.inGroup();
        preRequireGroup.addAtPath(keyPath, keyInputs.selections().filter(({ element }) => element.name !== '__typename'));
        preRequireGroup.addAtPath(keyPath.concat(new federation_internals_1.Field(typeAtPath(preRequireGroup.selection.parentType, keyPath).typenameField())));`,
  },
  {
    // Two fetches that ask the same were made one even when the second has to wait for what the first brings: a circle, around which it went for ever.
    wrong: 'group.mergeInWithAllDependencies(other);',
    right:
      'if (!group.isDescendantOf(other) && !other.isDescendantOf(group)) group.mergeInWithAllDependencies(other);',
  },
  {
    // A fetch that does not need its parent was moved up, and those that wait for it then no longer waited for that parent, whose answer they may need.
    wrong: 'currentParent.group.removeChild(created);',
    right: `for (const child of created.children()) child.addParent({ group: currentParent.group });
                        currentParent.group.removeChild(created);`,
  },
  {
    // The same, when it was moved into the fetch that comes before its parent: what waits for it may need the key that its parent brings.
    wrong: '&& group.inputs.contains(created.inputs)) {',
    right: '&& group.inputs.contains(created.inputs) && created.children().length === 0) {',
  },
  {
    // The first of these that comes to a shared field decides for all the others: what it can't bring there (see the next) is not of what the field answers.
    wrong: `for (const option of options) {
            const followupForOption`,
    right: `for (const option of nearestFirst(options)) {
            const followupForOption`,
  },
  {
    // A member of a union that one subgraph of a shared field does not know was asked of nobody, also not of the one that the field is fetched from, whose answer may have it.
    wrong: 'if (followupForOption.length === 0) {',
    right:
      'if (followupForOption.length === 0 && newOptions.length > 0) continue; if (followupForOption.length === 0) {',
  },
  {
    // What waits for others is fetched by a key of its own subgraph, and the first one was taken even when that subgraph does not find anything by it.
    wrong: 'const query_graphs_1 = require("@apollo/query-graphs");',
    right: 'const query_graphs_1 = withKeysToFindBy(require("@apollo/query-graphs"));',
  },
];

/** What is used here of `@apollo/query-graphs`. */
type KeyOf = (
  graph: { readonly sources: ReadonlyMap<string, Schema> },
  vertex: { readonly source: string; readonly type: CompositeType },
) => SelectionSet | undefined;
interface QueryGraphs {
  readonly getLocallySatisfiableKey: KeyOf;
}

interface Option {
  readonly paths: readonly { subgraphJumps(): number }[];
}

/** What the corrections call. */
const HELPERS = { canAnswer, nearestFirst, withKeysToFindBy };

/** The planner, with its faults corrected. */
export const QueryPlanner: typeof Planner = correctedPlanner();

/** @throws when another version of the planner is installed, whose faults nobody has looked at */
function correctedPlanner(): typeof Planner {
  const require = createRequire(import.meta.url);
  const file = require.resolve('@apollo/query-planner/dist/buildPlan.js');
  const source = CORRECTIONS.reduce(
    (text, { wrong, right }) => {
      if (text.split(wrong).length !== 2)
        throw new Error(
          `@apollo/query-planner is not the version that router/engine/planner.ts corrects: it has no "${wrong}"`,
        );
      return text.replace(wrong, () => right);
    },
    readFileSync(file, 'utf8'),
  );
  const module = { exports: {} as { QueryPlanner: typeof Planner } };
  const names = ['exports', 'require', 'module', '__filename', '__dirname', ...Object.keys(HELPERS)];
  const load = compileFunction(source, names, { filename: file });
  load(module.exports, createRequire(file), module, file, dirname(file), ...Object.values(HELPERS));
  return module.exports.QueryPlanner;
}

/** Can the type's subgraph answer the selections (on `condition`) at an object of that type itself, needing nobody else? */
function canAnswer(type: CompositeType, selectionSet: SelectionSet, condition = type): boolean {
  const metadata = federationMetadata(type.schema());
  return selectionSet.selections().every((selection) => {
    if (selection.kind === 'FragmentSelection') {
      const narrower = type.schema().type(selection.element.typeCondition?.name ?? condition.name);
      if (!narrower || !isCompositeType(narrower)) return false;
      const narrowed = narrow(type, narrower);
      return narrowed !== undefined && canAnswer(narrowed, selection.selectionSet, narrower);
    }
    // An interface object cannot take over a `__typename`, as little as it can tell one.
    if (selection.element.name === '__typename')
      return !possibleRuntimeTypes(type).some(isInterfaceObjectType);
    const fields = [type, condition].flatMap((one) =>
      isUnionType(one) ? [] : (one.field(selection.element.name) ?? []),
    );
    const isOthers = fields.some(
      (field) => metadata?.isFieldExternal(field) || field.hasAppliedDirective('requires'),
    );
    const below = fields[0]?.type && baseType(fields[0].type);
    if (!below || isOthers) return false;
    return !selection.selectionSet || !isCompositeType(below) || canAnswer(below, selection.selectionSet);
  });
}

/** Takes the first key by which a subgraph finds the type, and of which it has every field itself. */
function withKeysToFindBy(graphs: QueryGraphs): QueryGraphs {
  const keyToFindBy: KeyOf = (graph, vertex) => {
    const schema = graph.sources.get(vertex.source);
    const metadata = schema && federationMetadata(schema);
    for (const directive of metadata ? vertex.type.appliedDirectivesOf(metadata.keyDirective()) : []) {
      if (directive.arguments().resolvable === false) continue;
      const key = parseFieldSetArgument({ parentType: vertex.type, directive });
      if (!metadata?.selectionSelectsAnyExternalField(key)) return key;
    }
    return graphs.getLocallySatisfiableKey(graph, vertex);
  };
  return { ...graphs, getLocallySatisfiableKey: keyToFindBy };
}

/** Those first that go from subgraph to subgraph least often. */
function nearestFirst(options: readonly Option[]): readonly Option[] {
  if (options.length < 2) return options;
  const jumps = options.map(
    (option) => [Math.max(...option.paths.map((path) => path.subgraphJumps())), option] as const,
  );
  return jumps.sort(([one], [other]) => one - other).map(([, option]) => option);
}

/** The type, or the condition where that says more; `undefined` when no object is of both. */
function narrow(type: CompositeType, condition: CompositeType): CompositeType | undefined {
  const wanted = new Set(possibleRuntimeTypes(condition));
  const possible = possibleRuntimeTypes(type);
  if (possible.every((one) => wanted.has(one))) return type;
  return possible.some((one) => wanted.has(one)) ? condition : undefined;
}
