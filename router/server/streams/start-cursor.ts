import {
  type ArgumentNode,
  type FieldNode,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  print,
  visit,
} from 'graphql';
import { operationOf } from '../../engine/document.ts';
import type { Engine, RequestContext } from '../../engine/index.ts';
import type { Ready } from '../operations.ts';

/** Subscription fields with `after`, and for each the query field that tells the cursor to begin with: of what has happened up to now. */
export type StartCursors = Readonly<Record<string, string>>;

const START = 'aisleStartCursor';

type Subscribed = Pick<Ready, 'operation' | 'variables'> & { readonly engine: Pick<Engine, 'apiSchema'> };

/**
 * The query for the cursor that a subscription begins with, with those of its arguments that the query field takes as well. `undefined` when none is configured for the
 * field, when it cannot be asked for, and when the client says itself after what it begins.
 */
export function startQuery(
  { engine: { apiSchema }, operation: { document, operationName }, variables }: Subscribed,
  startCursors: StartCursors,
): string | undefined {
  const operation = operationOf(document, operationName);
  const [field] = operation?.selectionSet.selections ?? [];
  if (!operation || field?.kind !== Kind.FIELD || beginsAfter(operation, field, variables)) return undefined;
  const name = Object.hasOwn(startCursors, field.name.value) ? startCursors[field.name.value] : undefined;
  const definition = name === undefined ? undefined : apiSchema.getQueryType()?.getFields()[name];
  if (!definition) return undefined;
  const taken = new Set(definition.args.map((argument) => argument.name));
  const args = (field.arguments ?? []).filter((argument) => taken.has(argument.name.value));
  const used = variablesIn(args);
  const selected: FieldNode = {
    kind: Kind.FIELD,
    alias: { kind: Kind.NAME, value: START },
    name: { kind: Kind.NAME, value: definition.name },
    arguments: args,
  };
  const definitions = operation.variableDefinitions ?? [];
  return print({
    kind: Kind.OPERATION_DEFINITION,
    operation: OperationTypeNode.QUERY,
    variableDefinitions: definitions.filter(({ variable }) => used.has(variable.name.value)),
    selectionSet: { kind: Kind.SELECTION_SET, selections: [selected] },
  });
}

function beginsAfter(
  { variableDefinitions = [] }: OperationDefinitionNode,
  field: FieldNode,
  variables: Subscribed['variables'],
): boolean {
  const value = field.arguments?.find((argument) => argument.name.value === 'after')?.value;
  if (value?.kind !== Kind.VARIABLE) return value !== undefined && value.kind !== Kind.NULL;
  const sent = variables?.[value.name.value];
  const defined = variableDefinitions.find(({ variable }) => variable.name.value === value.name.value);
  const { defaultValue } = defined ?? {};
  return sent === undefined ? defaultValue !== undefined && defaultValue.kind !== Kind.NULL : sent !== null;
}

/** Asks for the cursor. `undefined` when nobody says: then the subscription begins as it would without. Never rejects. */
export async function askStart(
  engine: Engine,
  query: string,
  variables: Ready['variables'],
  context: RequestContext,
): Promise<string | undefined> {
  const prepared = engine.prepare(query);
  if ('errors' in prepared) return undefined;
  const { data } = await engine.execute(prepared, variables, context);
  const cursor = data?.[START];
  return typeof cursor === 'string' ? cursor : undefined;
}

function variablesIn(args: readonly ArgumentNode[]): ReadonlySet<string> {
  const used = new Set<string>();
  for (const argument of args) visit(argument, { Variable: ({ name }) => void used.add(name.value) });
  return used;
}
