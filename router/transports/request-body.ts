import type { DocumentNode } from 'graphql';
import { withoutName } from '../engine/document.ts';
import type { SubgraphRequest } from '../engine/types.ts';

const prefixes = new WeakMap<DocumentNode, string>();
const anonymous = new WeakMap<DocumentNode, string>();

/** The JSON to send. All but the variables is the same for every call of a plan node, and so kept with its document. */
export function requestBody({ document, query, operationName, variables }: SubgraphRequest): string {
  let prefix = prefixes.get(document);
  if (prefix === undefined) {
    prefix = JSON.stringify(operationName === undefined ? { query } : { query, operationName }).slice(0, -1);
    prefixes.set(document, prefix);
  }
  const json = variablesJson(variables);
  return json === undefined ? `${prefix}}` : `${prefix},"variables":${json}}`;
}

/** The same text for calls that ask the same, whatever operation they are of: a plan's fetches are named after it. */
export function questionOf({ document, query, operationName, variables }: SubgraphRequest): string {
  let question = anonymous.get(document);
  if (question === undefined) {
    question = withoutName(query, operationName);
    anonymous.set(document, question);
  }
  return `${question}\n${variablesJson(variables) ?? ''}`;
}

/** The last one: a call is compared with others by the text that is sent next. */
let last: { readonly variables: object; readonly json: string } | undefined;

function variablesJson(variables: SubgraphRequest['variables']): string | undefined {
  if (variables === undefined) return undefined;
  if (last?.variables === variables) return last.json;
  for (const _ in variables) {
    const json = JSON.stringify(variables);
    last = { variables, json };
    return json;
  }
  return undefined;
}
