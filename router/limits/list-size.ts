import { type FieldNode, type GraphQLField, Kind, type ValueNode } from 'graphql';
import type { FieldRule } from './cost-rules.ts';

/** How many items: known now, or from the variables of a request. */
export type Size = number | ((variables: Readonly<Record<string, unknown>>) => number);

/** Where `@listSize` is silent, the arguments of Relay connections say how many. */
const USUAL = ['first', 'last'];

/**
 * How many items a field's arguments ask for; `undefined` when nothing says.
 * A page of no given size is the argument's default, else `assumedSize`.
 */
export function sizeOf(
  node: FieldNode,
  definition: GraphQLField<unknown, unknown>,
  rule: FieldRule,
  defaults: ReadonlyMap<string, ValueNode | undefined>,
): Size | undefined {
  const names = rule.slicing?.length
    ? rule.slicing
    : USUAL.filter((name) => definition.args.some((arg) => arg.name === name));
  for (const name of names) {
    const value = node.arguments?.find((argument) => argument.name.value === name)?.value;
    if (value) {
      const size = sizeFrom(value, defaults, rule.assumedSize ?? 1);
      if (size !== undefined) return size;
    }
  }
  for (const name of names) {
    const fallback = definition.args.find((arg) => arg.name === name)?.defaultValue;
    if (typeof fallback === 'number') return fallback;
  }
  return rule.assumedSize;
}

function sizeFrom(
  value: ValueNode,
  defaults: ReadonlyMap<string, ValueNode | undefined>,
  otherwise: number,
): Size | undefined {
  if (value.kind === Kind.INT) return clamp(Number(value.value));
  if (value.kind !== Kind.VARIABLE) return undefined;
  const { value: name } = value.name;
  const preset = defaults.get(name);
  const fallback = preset?.kind === Kind.INT ? Number(preset.value) : otherwise;
  return (variables) => {
    const given = variables[name];
    return clamp(typeof given === 'number' ? given : fallback);
  };
}

const clamp = (size: number) => Math.max(0, Math.min(size, 1e6));
