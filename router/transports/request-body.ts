import type { DocumentNode } from 'graphql';
import type { SubgraphRequest } from '../engine/types.ts';

const prefixes = new WeakMap<DocumentNode, string>();

/** The last one: what shares equal calls looks at the same text right before it is sent. */
let last: { readonly document: DocumentNode; readonly variables: unknown; readonly body: string } | undefined;

/** The JSON to send. All but the variables is the same for every call of a plan node, and so kept with its document. */
export function requestBody({ document, query, operationName, variables }: SubgraphRequest): string {
  if (last && last.document === document && last.variables === variables && variables !== undefined)
    return last.body;
  const body = bodyOf(document, query, operationName, variables);
  last = { document, variables, body };
  return body;
}

function bodyOf(
  document: DocumentNode,
  query: string,
  operationName: string | undefined,
  variables: SubgraphRequest['variables'],
): string {
  let prefix = prefixes.get(document);
  if (prefix === undefined) {
    prefix = JSON.stringify(operationName === undefined ? { query } : { query, operationName }).slice(0, -1);
    prefixes.set(document, prefix);
  }
  for (const _ in variables) return `${prefix},"variables":${JSON.stringify(variables)}}`;
  return `${prefix}}`;
}
