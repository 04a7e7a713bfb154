import {
  type DocumentNode,
  executeSync,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  visit,
} from 'graphql';
import type { Obj } from './own.ts';
import type { FieldShape } from './shape/shape.ts';

/** Answers `__schema` and `__type` from the API schema. `variables` are the coerced ones. */
export type IntrospectionAnswer = (field: FieldShape, variables: Obj) => unknown;

/** Answers that depend on no variable are kept: they can be large and never change. */
export function compileIntrospection(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  fragments: readonly FragmentDefinitionNode[],
): IntrospectionAnswer {
  const documents = new Map<FieldShape, { document: DocumentNode; constant: boolean; answer?: unknown }>();
  return (field, variables) => {
    let entry = documents.get(field);
    if (!entry) {
      entry = introspectionDocument(field, operation, fragments);
      documents.set(field, entry);
    }
    if (entry.constant && entry.answer !== undefined) return entry.answer;
    const { data, errors } = executeSync({ schema, document: entry.document, variableValues: variables });
    if (errors?.[0]) throw errors[0];
    entry.answer = data?.[field.key] ?? null;
    return entry.answer;
  };
}

function introspectionDocument(
  field: FieldShape,
  operation: OperationDefinitionNode,
  fragments: readonly FragmentDefinitionNode[],
) {
  const used = new Set<string>();
  const needed = new Set<string>();
  const visitor = {
    Variable: ({ name }: { name: { value: string } }) => void used.add(name.value),
    FragmentSpread: ({ name }: { name: { value: string } }) => {
      if (needed.has(name.value)) return;
      needed.add(name.value);
      const fragment = fragments.find((candidate) => candidate.name.value === name.value);
      if (fragment) visit(fragment, visitor);
    },
  };
  for (const node of field.nodes) visit(node, visitor);
  const variableDefinitions = (operation.variableDefinitions ?? []).filter((definition) =>
    used.has(definition.variable.name.value),
  );
  const document: DocumentNode = {
    kind: Kind.DOCUMENT,
    definitions: [
      {
        kind: Kind.OPERATION_DEFINITION,
        operation: OperationTypeNode.QUERY,
        variableDefinitions,
        selectionSet: { kind: Kind.SELECTION_SET, selections: [...field.nodes] },
      },
      ...fragments.filter((fragment) => needed.has(fragment.name.value)),
    ],
  };
  return { document, constant: used.size === 0 };
}
