import {
  type DocumentNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isInputObjectType,
  TypeInfo,
  typeFromAST,
  visit,
  visitWithTypeInfo,
} from 'graphql';

/** What of an API an operation relies on. */
export interface Usage {
  /** `Product.title`: by the type it is selected on. */
  readonly fields: ReadonlySet<string>;
  /** `Query.product(id)`: given, whatever its value. */
  readonly args: ReadonlySet<string>;
  /** Types of what comes back: objects, interfaces, unions, enums, scalars. */
  readonly outputs: ReadonlySet<string>;
  /** Types its variables carry, and all below them: what a client really puts into these is not known here. */
  readonly inputs: ReadonlySet<string>;
}

/** The operation must be valid for the schema. */
export function usageOf(schema: GraphQLSchema, document: DocumentNode): Usage {
  const fields = new Set<string>();
  const args = new Set<string>();
  const outputs = new Set<string>();
  const inputs = new Set<string>();
  const info = new TypeInfo(schema);
  visit(
    document,
    visitWithTypeInfo(info, {
      Field({ name, arguments: given }) {
        const coordinate = `${info.getParentType()?.name}.${name.value}`;
        fields.add(coordinate);
        for (const argument of given ?? []) args.add(`${coordinate}(${argument.name.value})`);
        outputs.add(getNamedType(info.getType())?.name ?? '');
      },
      VariableDefinition({ type }) {
        reach(getNamedType(typeFromAST(schema, type as never)), inputs);
      },
    }),
  );
  return { fields, args, outputs, inputs };
}

function reach(type: GraphQLNamedType | undefined, found: Set<string>): void {
  if (!type || found.has(type.name)) return;
  found.add(type.name);
  if (isInputObjectType(type))
    for (const field of Object.values(type.getFields())) reach(getNamedType(field.type), found);
}
