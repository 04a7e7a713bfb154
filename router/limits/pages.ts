import { type DocumentNode, type GraphQLError, Kind, type ValueNode, visit } from 'graphql';
import { limitError } from './limit-error.ts';

const PAGE_ARGUMENTS: ReadonlySet<string> = new Set(['first', 'last']);

const refusal = (size: number, most: number) =>
  limitError('LIMIT_PAGE', `A page of ${size} was asked for; at most ${most} items come at once.`);

/** Page sizes written into the document (arguments, input fields, defaults of the variables used for them) that are too large. */
export function pageErrors(document: DocumentNode, most: number): GraphQLError[] {
  const variables = new Set(pageVariables(document));
  const tooLarge: number[] = [];
  const look = (value: ValueNode | undefined) => {
    if (value?.kind === Kind.INT && Number(value.value) > most) tooLarge.push(Number(value.value));
  };
  visit(document, {
    Argument: (node) => (PAGE_ARGUMENTS.has(node.name.value) ? look(node.value) : undefined),
    ObjectField: (node) => (PAGE_ARGUMENTS.has(node.name.value) ? look(node.value) : undefined),
    VariableDefinition: (node) =>
      variables.has(node.variable.name.value) ? look(node.defaultValue) : undefined,
  });
  return tooLarge.slice(0, 1).map((size) => refusal(size, most));
}

/** Names of the variables that hold a page size somewhere in the document. */
export function pageVariables(document: DocumentNode): readonly string[] {
  const names = new Set<string>();
  const look = (name: string, value: ValueNode) => {
    if (PAGE_ARGUMENTS.has(name) && value.kind === Kind.VARIABLE) names.add(value.name.value);
  };
  visit(document, {
    Argument: (node) => look(node.name.value, node.value),
    ObjectField: (node) => look(node.name.value, node.value),
  });
  return [...names];
}

/** The same for the values a request brings: `names` comes from `pageVariables`, once per document. */
export function pageVariableError(
  names: readonly string[],
  values: Readonly<Record<string, unknown>> | undefined,
  most: number,
): GraphQLError | undefined {
  if (!values) return undefined;
  for (const name of names) {
    const value = values[name];
    if (typeof value === 'number' && value > most) return refusal(value, most);
  }
  return undefined;
}
