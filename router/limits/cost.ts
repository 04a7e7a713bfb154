import {
  type DocumentNode,
  type FieldNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isListType,
  isNonNullType,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import { fragmentsOf, operationOf } from '../engine/document.ts';
import type { CostRules } from './cost-rules.ts';
import { inputCost } from './input-cost.ts';
import { type Size, slicingOf } from './list-size.ts';

type Variables = Readonly<Record<string, unknown>>;

/** What an operation costs: one per object, times the items of its lists, ten for a mutation, more or less where `@cost` says. */
export interface OperationCost {
  /** The first field whose `@listSize` wants exactly one slicing argument and has another number of them, if any. */
  unsized(variables: Variables | undefined): string | undefined;
  /** Before it runs: from the sizes its arguments ask for. */
  estimate(variables: Variables | undefined): number;
  /** After it ran: from the lists that came. */
  actual(data: unknown): number;
}

interface CostNode {
  readonly name: string;
  readonly weight: number;
  readonly size: Size;
  readonly inputs: ((variables: Variables) => number) | undefined;
  readonly children: readonly CostNode[];
}

/** A page asked for one level above the list. */
interface Outer {
  readonly sizedFields: readonly string[];
  readonly size: Size;
}

const MUTATION = 10;
const USUAL_LISTS: readonly string[] = ['edges', 'nodes', 'items'];

/** The operation must be valid. Fragments are measured once per type they are spread on. */
export function operationCost(
  schema: GraphQLSchema,
  rules: CostRules,
  document: DocumentNode,
  operationName: string | undefined,
): OperationCost {
  const fragments = fragmentsOf(document);
  const operation = operationOf(document, operationName);
  const root = operation && schema.getRootType(operation.operation);
  if (!operation || !root) return { unsized: () => undefined, estimate: () => 0, actual: () => 0 };
  const unsized: { readonly coordinate: string; readonly given: (variables: Variables) => number }[] = [];
  const defaults = new Map(
    operation.variableDefinitions?.map(({ variable, defaultValue }) => [variable.name.value, defaultValue]),
  );
  const nodes = collect(operation.selectionSet, root, undefined);
  const base = operation.operation === 'mutation' ? MUTATION : 0;
  return {
    unsized: (variables = {}) => unsized.find(({ given }) => given(variables) !== 1)?.coordinate,
    estimate: (variables = {}) => base + estimateOf(nodes, variables),
    actual: (data) => base + actualOf(nodes, data),
  };

  function collect(set: SelectionSetNode, type: GraphQLNamedType, outer: Outer | undefined): CostNode[] {
    const found: CostNode[] = [];
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) {
        const node = field(selection, type, outer);
        if (node) found.push(node);
        continue;
      }
      const inner = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
      if (!inner) continue;
      const on = inner.typeCondition ? schema.getType(inner.typeCondition.name.value) : type;
      if (on) found.push(...collect(inner.selectionSet, on, outer));
    }
    return found;
  }

  function field(node: FieldNode, parent: GraphQLNamedType, outer: Outer | undefined): CostNode | undefined {
    const definition: GraphQLField<unknown, unknown> | undefined =
      'getFields' in parent
        ? (parent.getFields()[node.name.value] as GraphQLField<unknown, unknown>)
        : undefined;
    if (!definition) return undefined;
    const type = getNamedType(definition.type);
    const coordinate = `${parent.name}.${definition.name}`;
    const rule = rules.fields.get(coordinate) ?? {};
    const composite = isCompositeType(type);
    const weight = rule.weight ?? typeWeight(type);
    const { size: asked, given } = slicingOf(node, definition, rule, defaults);
    if (given) unsized.push({ coordinate, given });
    const list = isListType(isNonNullType(definition.type) ? definition.type.ofType : definition.type);
    // `products(first: 20) { edges { … } }`: the page is asked for here, the list is one level below.
    const fromOuter = outer?.sizedFields.includes(definition.name) ? outer.size : undefined;
    const size = (list ? asked : undefined) ?? fromOuter ?? 1;
    const sizedFields = rule.sizedFields?.length ? rule.sizedFields : USUAL_LISTS;
    const below = asked !== undefined && !list ? { sizedFields, size: asked } : undefined;
    const children = composite && node.selectionSet ? collect(node.selectionSet, type, below) : [];
    const inputs = inputCost(node, coordinate, definition, rules, defaults);
    return { name: node.alias?.value ?? definition.name, weight, size, inputs, children };
  }

  /** An abstract type weighs what the heaviest of its types does. */
  function typeWeight(type: GraphQLNamedType): number {
    const own = rules.types.get(type.name);
    if (own !== undefined || !isAbstractType(type)) return own ?? (isCompositeType(type) ? 1 : 0);
    return Math.max(...schema.getPossibleTypes(type).map(({ name }) => rules.types.get(name) ?? 1));
  }
}

function estimateOf(nodes: readonly CostNode[], variables: Variables): number {
  let total = 0;
  for (const { weight, size, inputs, children } of nodes) {
    const times = typeof size === 'number' ? size : size(variables);
    total += times * (weight + estimateOf(children, variables)) + (inputs?.(variables) ?? 0);
  }
  return total;
}

function actualOf(nodes: readonly CostNode[], data: unknown): number {
  if (Array.isArray(data)) return data.reduce((sum: number, item) => sum + actualOf(nodes, item), 0);
  if (typeof data !== 'object' || data === null) return 0;
  let total = 0;
  for (const { name, weight, children } of nodes) {
    const value = (data as Record<string, unknown>)[name];
    if (value === undefined || value === null) continue;
    total += weight * countOf(value) + (children.length > 0 ? actualOf(children, value) : 0);
  }
  return total;
}

const countOf = (value: unknown): number =>
  Array.isArray(value) ? value.reduce((sum: number, item) => sum + countOf(item), 0) : 1;
