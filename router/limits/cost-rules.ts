import {
  type ConstDirectiveNode,
  type FieldDefinitionNode,
  Kind,
  parse,
  type ValueNode,
  valueFromASTUntyped,
} from 'graphql';

/** What the graph's `@cost` and `@listSize` say of one field. */
export interface FieldRule {
  readonly weight?: number;
  /** `@listSize`: how many items to expect when no argument says. */
  readonly assumedSize?: number;
  /** Arguments that say how many items come. */
  readonly slicing?: readonly string[];
  /** Whether exactly one of them has to be given, as is the directive's default. */
  readonly requireOne?: boolean;
  /** Fields below that hold those items (`edges`). */
  readonly sizedFields?: readonly string[];
}

/** By `Type.field` and by `Type`. */
export interface CostRules {
  readonly fields: ReadonlyMap<string, FieldRule>;
  readonly types: ReadonlyMap<string, number>;
  /** Weights of arguments, by `Type.field(argument)`, and of input fields, by `Input.field`. */
  readonly inputs: ReadonlyMap<string, number>;
}

/** Reads the cost directives (federation 2.9, specs.apollo.dev/cost) of a supergraph, whatever prefix they were imported with. */
export function costRulesOf(supergraphSdl: string): CostRules {
  const fields = new Map<string, FieldRule>();
  const types = new Map<string, number>();
  const inputs = new Map<string, number>();
  if (!supergraphSdl.includes('specs.apollo.dev/cost')) return { fields, types, inputs };
  for (const definition of parse(supergraphSdl, { noLocation: true }).definitions) {
    if (!('name' in definition) || !definition.name || !('directives' in definition)) continue;
    const weight = weightOf(definition.directives as readonly ConstDirectiveNode[] | undefined);
    if (weight !== undefined) types.set(definition.name.value, weight);
    if (definition.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION) {
      for (const { name, directives } of definition.fields ?? [])
        remember(`${definition.name.value}.${name.value}`, directives);
    }
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION && definition.kind !== Kind.INTERFACE_TYPE_DEFINITION)
      continue;
    for (const field of definition.fields ?? []) {
      const coordinate = `${definition.name.value}.${field.name.value}`;
      const rule = ruleOf(field);
      if (rule) fields.set(coordinate, rule);
      for (const { name, directives } of field.arguments ?? [])
        remember(`${coordinate}(${name.value})`, directives);
    }
  }
  return { fields, types, inputs };

  function remember(coordinate: string, directives: readonly ConstDirectiveNode[] | undefined): void {
    const weight = weightOf(directives);
    if (weight !== undefined) inputs.set(coordinate, weight);
  }
}

function ruleOf({ directives }: FieldDefinitionNode): FieldRule | undefined {
  const weight = weightOf(directives);
  const listSize = find(directives, 'listSize');
  if (weight === undefined && !listSize) return undefined;
  const argument = (name: string) =>
    plainValue(listSize?.arguments?.find((one) => one.name.value === name)?.value);
  const assumedSize = argument('assumedSize');
  return {
    ...(weight !== undefined && { weight }),
    ...(typeof assumedSize === 'number' && { assumedSize }),
    ...(listSize && {
      slicing: strings(argument('slicingArguments')),
      requireOne: argument('requireOneSlicingArgument') !== false,
      sizedFields: strings(argument('sizedFields')),
    }),
  };
}

const find = (directives: readonly ConstDirectiveNode[] | undefined, name: string) =>
  directives?.find(
    (directive) => directive.name.value === name || directive.name.value.endsWith(`__${name}`),
  );

function weightOf(directives: readonly ConstDirectiveNode[] | undefined): number | undefined {
  const weight = plainValue(
    find(directives, 'cost')?.arguments?.find((one) => one.name.value === 'weight')?.value,
  );
  return weight === undefined || !Number.isFinite(Number(weight)) ? undefined : Number(weight);
}

const plainValue = (node: ValueNode | undefined): unknown => (node ? valueFromASTUntyped(node) : undefined);
const strings = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
