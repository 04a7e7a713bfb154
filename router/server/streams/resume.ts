import {
  type ArgumentNode,
  type DocumentNode,
  type FieldNode,
  type GraphQLSchema,
  getNamedType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  parseType,
  print,
  type TypeNode,
} from 'graphql';
import { operationOf } from '../../engine/document.ts';

/**
 * How a subscription goes on after a break: its field takes `after`, its events have a `cursor` (the convention of our graph).
 * Both documents also ask for the cursor under a name of the router's own, which is taken out of each event.
 */
export interface ResumePlan {
  readonly initial: string;
  /** Starts after the cursor in the variable `AFTER`. */
  readonly resumed: string;
  /** The response name of the root field. */
  readonly key: string;
}

export const AFTER = 'aisleResumeAfter';
export const CURSOR = 'aisleResumeCursor';

/** `undefined` when the subscription cannot be resumed. */
export function resumePlan(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | undefined,
): ResumePlan | undefined {
  const operation = operationOf(document, operationName);
  const [field, ...others] = operation?.selectionSet.selections ?? [];
  if (!operation || field?.kind !== Kind.FIELD || others.length > 0 || !field.selectionSet) return undefined;
  const definition = schema.getSubscriptionType()?.getFields()[field.name.value];
  const after = definition?.args.find(({ name }) => name === 'after');
  const type = definition && getNamedType(definition.type);
  if (!after || !isObjectType(type) || !type.getFields().cursor) return undefined;

  const withCursor: FieldNode = {
    ...field,
    selectionSet: { ...field.selectionSet, selections: [...field.selectionSet.selections, CURSOR_FIELD] },
  };
  const argument: ArgumentNode = {
    kind: Kind.ARGUMENT,
    name: name('after'),
    value: { kind: Kind.VARIABLE, name: name(AFTER) },
  };
  const resumedField: FieldNode = {
    ...withCursor,
    arguments: [...(field.arguments ?? []).filter((given) => given.name.value !== 'after'), argument],
  };
  const variables = withoutUnused(operation, field);
  const variable = {
    kind: Kind.VARIABLE_DEFINITION,
    variable: { kind: Kind.VARIABLE, name: name(AFTER) },
    type: parseType(String(after.type)) as TypeNode,
  } as const;
  const replace = (next: OperationDefinitionNode): string =>
    print({ ...document, definitions: document.definitions.map((one) => (one === operation ? next : one)) });
  return {
    key: field.alias?.value ?? field.name.value,
    initial: replace({ ...operation, selectionSet: { ...operation.selectionSet, selections: [withCursor] } }),
    resumed: replace({
      ...operation,
      variableDefinitions: [...variables, variable],
      selectionSet: { ...operation.selectionSet, selections: [resumedField] },
    }),
  };
}

const name = (value: string) => ({ kind: Kind.NAME, value }) as const;
const CURSOR_FIELD: FieldNode = { kind: Kind.FIELD, alias: name(CURSOR), name: name('cursor') };

/** The client's own `after` may be a variable that nothing else uses: it must not stay defined. */
function withoutUnused(operation: OperationDefinitionNode, field: FieldNode) {
  const given = field.arguments?.find((argument) => argument.name.value === 'after')?.value;
  const definitions = operation.variableDefinitions ?? [];
  if (given?.kind !== Kind.VARIABLE) return definitions;
  const dropped = given.name.value;
  const others = {
    ...field,
    arguments: field.arguments?.filter((argument) => argument.value !== given) ?? [],
  };
  const used = new RegExp(`\\$${dropped}\\b`).test(print(others));
  return used ? definitions : definitions.filter(({ variable }) => variable.name.value !== dropped);
}
