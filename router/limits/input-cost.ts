import {
  type FieldNode,
  type GraphQLField,
  type GraphQLInputType,
  getNamedType,
  isInputObjectType,
  Kind,
  type ValueNode,
  valueFromASTUntyped,
} from 'graphql';
import type { CostRules } from './cost-rules.ts';

type Variables = Readonly<Record<string, unknown>>;

/** What the arguments of a field cost: the weights `@cost` gives to arguments and input fields, for each that is sent. */
export function inputCost(
  node: FieldNode,
  coordinate: string,
  definition: GraphQLField<unknown, unknown>,
  { inputs }: CostRules,
  defaults: ReadonlyMap<string, ValueNode | undefined>,
): ((variables: Variables) => number) | undefined {
  if (inputs.size === 0 || !node.arguments?.length) return undefined;
  const given = node.arguments.flatMap(({ name, value }) => {
    const type = definition.args.find((arg) => arg.name === name.value)?.type;
    return type ? [{ type, value, weight: inputs.get(`${coordinate}(${name.value})`) ?? 0 }] : [];
  });
  const presets: Record<string, unknown> = {};
  for (const [name, value] of defaults) if (value) presets[name] = valueFromASTUntyped(value);
  return (sentVariables) => {
    const variables = { ...presets, ...sentVariables };
    return given.reduce((sum, { type, value, weight }) => {
      const sent = sentFor(value, variables);
      return sent === undefined ? sum : sum + weight + below(type, sent);
    }, 0);
  };

  function below(type: GraphQLInputType, value: unknown): number {
    if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + below(type, item), 0);
    const named = getNamedType(type);
    if (!isInputObjectType(named) || typeof value !== 'object' || value === null) return 0;
    const fields = named.getFields();
    return Object.entries(value).reduce((sum, [name, item]) => {
      const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
      if (!field || item === undefined) return sum;
      return sum + (inputs.get(`${named.name}.${name}`) ?? 0) + below(field.type, item);
    }, 0);
  }
}

const sentFor = (value: ValueNode, variables: Record<string, unknown>): unknown =>
  value.kind === Kind.VARIABLE ? variables[value.name.value] : valueFromASTUntyped(value, variables);
