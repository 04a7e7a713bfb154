import { type DocumentNode, Kind, type TypeDefinitionNode, type TypeExtensionNode } from 'graphql';

type Definition = DocumentNode['definitions'][number];
type Described = {
  readonly name: { readonly value: string };
  readonly description?: { readonly value: string };
};

const isType = (node: Definition): node is TypeDefinitionNode => node.kind.endsWith('TypeDefinition');
const isExtension = (node: Definition): node is TypeExtensionNode => node.kind.endsWith('TypeExtension');

/** House rules of a subgraph's SDL: descriptions everywhere, names as the GraphQL world writes them. */
export function lintSdl(subgraph: string, document: DocumentNode): string[] {
  const problems: string[] = [];
  const report = (where: string, what: string) => problems.push(`${subgraph}: ${where} ${what}`);
  const described = (where: string, node: Described) => {
    if (!node.description?.value.trim()) report(where, 'has no description');
  };

  for (const node of document.definitions) {
    if (!isType(node) && !isExtension(node)) continue;
    const type = node.name.value;
    if (!/^[A-Z][A-Za-z0-9]*$/.test(type)) report(type, 'is not PascalCase');
    const isRoot = ['Query', 'Mutation', 'Subscription'].includes(type);
    if (isType(node) && !isRoot) described(type, node);
    if (node.kind === Kind.ENUM_TYPE_DEFINITION) {
      for (const value of node.values ?? []) {
        described(`${type}.${value.name.value}`, value);
        if (!/^[A-Z][A-Z0-9_]*$/.test(value.name.value))
          report(`${type}.${value.name.value}`, 'is not UPPER_CASE');
      }
    }
    if (!('fields' in node)) continue;
    for (const field of node.fields ?? []) {
      const where = `${type}.${field.name.value}`;
      described(where, field);
      if (!/^[a-z][A-Za-z0-9]*$/.test(field.name.value)) report(where, 'is not camelCase');
      if (!('arguments' in field)) continue;
      for (const argument of field.arguments ?? []) described(`${where}(${argument.name.value}:)`, argument);
    }
  }
  return problems;
}
