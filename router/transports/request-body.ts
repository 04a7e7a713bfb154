import type { DocumentNode } from 'graphql';
import type { SubgraphRequest } from '../engine/types.ts';

const prefixes = new WeakMap<DocumentNode, string>();

/** The JSON to send. All but the variables is the same for every call of a plan node, and so kept with its document. */
export function requestBody({ document, query, operationName, variables }: SubgraphRequest): string {
  let prefix = prefixes.get(document);
  if (prefix === undefined) {
    prefix = JSON.stringify(operationName === undefined ? { query } : { query, operationName }).slice(0, -1);
    prefixes.set(document, prefix);
  }
  for (const _ in variables) return `${prefix},"variables":${JSON.stringify(variables)}}`;
  return `${prefix}}`;
}
