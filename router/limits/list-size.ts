import { type FieldNode, type GraphQLField, Kind, type ValueNode } from 'graphql';
import type { FieldRule } from './cost-rules.ts';

/** How many items: known now, or from the variables of a request. */
export type Size = number | ((variables: Readonly<Record<string, unknown>>) => number);

/** Where `@listSize` is silent, the arguments of Relay connections say how many. */
const USUAL = ['first', 'last'];

export interface Slicing {
  /** How many items are asked for; `undefined` when nothing says. */
  readonly size: Size | undefined;
  /** How many of the arguments that say so are given, where `@listSize` wants exactly one. */
  readonly given?: (variables: Readonly<Record<string, unknown>>) => number;
}

/**
 * How many items a field's arguments ask for: the most of those given, else their defaults, else `assumedSize`
 * (the cost specification, https://ibm.github.io/graphql-specs/cost-spec.html).
 */
export function slicingOf(
  node: FieldNode,
  definition: GraphQLField<unknown, unknown>,
  rule: FieldRule,
  defaults: ReadonlyMap<string, ValueNode | undefined>,
): Slicing {
  const names = rule.slicing?.length
    ? rule.slicing
    : USUAL.filter((name) => definition.args.some((arg) => arg.name === name));
  const slices = (node.arguments ?? [])
    .filter(({ name }) => names.includes(name.value))
    .map(({ value }) => sliceFrom(value, defaults));
  const presets = definition.args
    .filter(({ name, defaultValue }) => names.includes(name) && typeof defaultValue === 'number')
    .map(({ defaultValue }) => defaultValue as number);
  const sizesFor = (variables: Readonly<Record<string, unknown>>): readonly number[] => {
    const given = slices
      .map((slice) => (typeof slice === 'function' ? slice(variables) : slice))
      .filter((size) => size !== undefined);
    return given.length > 0 ? given : presets;
  };
  const sizeFor = (variables: Readonly<Record<string, unknown>>): number | undefined => {
    // Less than nothing says nothing: what is done with it is up to the subgraph.
    const sizes =
      [sizesFor(variables), presets]
        .map((some) => some.filter((size) => size >= 0))
        .find((some) => some.length > 0) ?? [];
    return sizes.length > 0 ? clamp(Math.max(...sizes)) : rule.assumedSize;
  };
  const isDynamic = slices.some((slice) => typeof slice === 'function');
  return {
    size: isDynamic ? (variables) => sizeFor(variables) ?? 1 : sizeFor({}),
    ...(rule.requireOne && rule.slicing?.length && { given: (variables) => sizesFor(variables).length }),
  };
}

/** What one argument asks for; `undefined` for null and for what is not given. */
function sliceFrom(
  value: ValueNode,
  defaults: ReadonlyMap<string, ValueNode | undefined>,
): number | undefined | ((variables: Readonly<Record<string, unknown>>) => number | undefined) {
  if (value.kind === Kind.INT) return Number(value.value);
  if (value.kind !== Kind.VARIABLE) return undefined;
  const { value: name } = value.name;
  const preset = defaults.get(name);
  const fallback = preset?.kind === Kind.INT ? Number(preset.value) : undefined;
  return (variables) => {
    const given = variables[name];
    if (given === undefined) return fallback;
    return typeof given === 'number' ? given : undefined;
  };
}

const clamp = (size: number) => Math.min(size, 1e6);
