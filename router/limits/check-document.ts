import { type ASTNode, type DirectiveNode, type DocumentNode, type GraphQLError, Kind } from 'graphql';
import { limitError } from './limit-error.ts';
import type { Limits } from './limits.ts';
import { measurer } from './measure.ts';
import { pageErrors } from './pages.ts';

export interface DocumentRules {
  readonly limits: Limits;
  /** Whether `__schema` and `__type` may be asked for. */
  readonly introspection: boolean;
}

/** The limits a parsed document breaks; empty when it may be planned. Linear in the document. */
export function checkDocument(
  document: DocumentNode,
  { limits, introspection }: DocumentRules,
): GraphQLError[] {
  const errors = [...directiveErrors(document, limits.directives), ...pageErrors(document, limits.page)];
  const measure = measurer(document);
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    const size = measure(definition.selectionSet);
    if (size.introspects && !introspection)
      errors.push(limitError('INTROSPECTION_DISABLED', 'Introspection is switched off here.'));
    if (size.depth > limits.depth) {
      errors.push(
        limitError('LIMIT_DEPTH', `The operation is ${size.depth} levels deep; ${limits.depth} are allowed.`),
      );
    } else if (size.introspectionDepth > limits.introspectionDepth) {
      errors.push(
        limitError(
          'LIMIT_DEPTH',
          `The introspection is ${size.introspectionDepth} levels deep; ${limits.introspectionDepth} are allowed.`,
        ),
      );
    }
    if (size.aliases > limits.aliases) {
      errors.push(
        limitError(
          'LIMIT_ALIASES',
          `The operation has ${size.aliases} aliases; ${limits.aliases} are allowed.`,
        ),
      );
    }
    if (size.repeats > limits.repeats) {
      errors.push(
        limitError(
          'LIMIT_REPEATS',
          `The operation names one field ${size.repeats} times in one place; ${limits.repeats} are allowed.`,
        ),
      );
    }
    if (size.fields > limits.fields) {
      errors.push(
        limitError('LIMIT_FIELDS', `The operation has ${size.fields} fields; ${limits.fields} are allowed.`),
      );
    }
  }
  return errors;
}

/** At most one error: a document with a thousand directives shall not be answered with a thousand errors. */
function directiveErrors(document: DocumentNode, most: number): GraphQLError[] {
  const stack: ASTNode[] = [...document.definitions];
  while (stack.length > 0) {
    const node = stack.pop() as ASTNode;
    const directives: readonly DirectiveNode[] | undefined =
      'directives' in node ? node.directives : undefined;
    if (directives && directives.length > most) {
      return [
        limitError(
          'LIMIT_DIRECTIVES',
          `One place has ${directives.length} directives; ${most} are allowed.`,
          node,
        ),
      ];
    }
    if ('selectionSet' in node && node.selectionSet) stack.push(...node.selectionSet.selections);
    if ('variableDefinitions' in node && node.variableDefinitions) stack.push(...node.variableDefinitions);
  }
  return [];
}
