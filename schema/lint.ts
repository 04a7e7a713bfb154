import {
  type ConstDirectiveNode,
  type DocumentNode,
  Kind,
  type TypeDefinitionNode,
  type TypeExtensionNode,
} from 'graphql';

type Definition = DocumentNode['definitions'][number];
type Described = {
  readonly name: { readonly value: string };
  readonly description?: { readonly value: string };
};

const isType = (node: Definition): node is TypeDefinitionNode => node.kind.endsWith('TypeDefinition');
const isCamelCase = (name: string) => /^[a-z][A-Za-z0-9]*$/.test(name);
const isExtension = (node: Definition): node is TypeExtensionNode => node.kind.endsWith('TypeExtension');

/** House rules of a subgraph's SDL: descriptions everywhere, names as the GraphQL world writes them, a way out of whatever is deprecated. */
export function lintSdl(subgraph: string, document: DocumentNode): string[] {
  const problems: string[] = [];
  const report = (where: string, what: string) => problems.push(`${subgraph}: ${where} ${what}`);
  const described = (where: string, node: Described) => {
    if (!node.description?.value.trim()) report(where, 'has no description');
  };

  const deprecated = (
    where: string,
    { directives }: { readonly directives?: readonly ConstDirectiveNode[] },
  ) => {
    const directive = directives?.find(({ name }) => name.value === 'deprecated');
    const reason = directive?.arguments?.find(({ name }) => name.value === 'reason')?.value;
    if (directive && !(reason?.kind === Kind.STRING && reason.value.trim()))
      report(where, 'is deprecated without a reason that says what to use instead');
  };

  for (const node of document.definitions) {
    if (node.kind === Kind.DIRECTIVE_DEFINITION && !isCamelCase(node.name.value))
      report(`@${node.name.value}`, 'is not camelCase');
    if (!isType(node) && !isExtension(node)) continue;
    const type = node.name.value;
    if (!/^[A-Z][A-Za-z0-9]*$/.test(type)) report(type, 'is not PascalCase');
    const isRoot = ['Query', 'Mutation', 'Subscription'].includes(type);
    if (isType(node) && !isRoot) described(type, node);
    if (node.kind === Kind.ENUM_TYPE_DEFINITION) {
      for (const value of node.values ?? []) {
        described(`${type}.${value.name.value}`, value);
        deprecated(`${type}.${value.name.value}`, value);
        if (!/^[A-Z][A-Z0-9_]*$/.test(value.name.value))
          report(`${type}.${value.name.value}`, 'is not UPPER_CASE');
      }
    }
    if (!('fields' in node)) continue;
    for (const field of node.fields ?? []) {
      const where = `${type}.${field.name.value}`;
      described(where, field);
      deprecated(where, field);
      if (!isCamelCase(field.name.value)) report(where, 'is not camelCase');
      if (!('arguments' in field)) continue;
      for (const argument of field.arguments ?? []) {
        const place = `${where}(${argument.name.value}:)`;
        described(place, argument);
        deprecated(place, argument);
        if (!isCamelCase(argument.name.value)) report(place, 'is not camelCase');
      }
    }
  }
  return problems;
}
