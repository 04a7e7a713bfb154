import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getVariableValues,
  Kind,
  type OperationDefinitionNode,
  visit,
} from 'graphql';
import { isObject, type Obj } from './own.ts';
import { withCode } from './parse.ts';

export interface Variables {
  /** As sent. */
  readonly sent: Obj;
  /** Coerced, defaults applied. */
  readonly coerced: Obj;
}

const CONDITIONAL: ReadonlySet<string> = new Set(['skip', 'include', 'defer']);
const NONE: Obj = Object.freeze({});

/** Coerces the client's variables (6.1.2 of the specification); every problem has the code `BAD_USER_INPUT`. */
export function coerceVariables(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  variables: unknown,
): Variables | { readonly errors: readonly GraphQLError[] } {
  if (variables !== undefined && variables !== null && !isObject(variables)) {
    return {
      errors: [new GraphQLError('Variables must be an object.', { extensions: { code: 'BAD_USER_INPUT' } })],
    };
  }
  const definitions = operation.variableDefinitions ?? [];
  if (definitions.length === 0) return { sent: NONE, coerced: NONE };
  const sent = (variables as Obj | null | undefined) ?? NONE;
  const { errors, coerced } = getVariableValues(schema, definitions, sent, { maxErrors: 20 });
  if (errors) return { errors: errors.map((error) => withCode(error, 'BAD_USER_INPUT')) };
  return { sent, coerced };
}

/** The Boolean variables that decide what is selected, or when, anywhere in the document. */
export function conditionVariables(document: DocumentNode): string[] {
  const names = new Set<string>();
  visit(document, {
    Directive(node) {
      if (!CONDITIONAL.has(node.name.value)) return;
      for (const { value } of node.arguments ?? [])
        if (value.kind === Kind.VARIABLE) names.add(value.name.value);
    },
  });
  return [...names];
}

export function usesDefer(document: DocumentNode): boolean {
  let found = false;
  visit(document, {
    Directive(node) {
      if (node.name.value === 'defer') found = true;
    },
  });
  return found;
}
