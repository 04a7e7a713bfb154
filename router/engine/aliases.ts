import type { FieldNode, GraphQLSchema } from 'graphql';
import { isInterfaceType, isObjectType } from 'graphql';
import { looksLikeCall, withoutCallNumber } from './required-calls.ts';
import type { Path } from './run.ts';

/**
 * The planner selects fields of its own (keys, `@requires`) under their plain names. Where a client's response name could be one of them, the field is
 * planned and fetched under another name, and only the response has the client's.
 */
const SUFFIX = '__client';

/** Decides which response names must be changed for the planner. */
export interface AliasRule {
  /** The name under which the field is planned and its data arrives. */
  fetchName(node: FieldNode): string;
}

export function aliasRule(schema: GraphQLSchema): AliasRule {
  const fieldNames = new Set<string>();
  for (const type of Object.values(schema.getTypeMap())) {
    if (isObjectType(type) || isInterfaceType(type))
      for (const name of Object.keys(type.getFields())) fieldNames.add(name);
  }
  const clashes = (key: string) =>
    fieldNames.has(key) || key.startsWith('__') || key.endsWith(SUFFIX) || looksLikeCall(key);
  return {
    fetchName({ name: { value: name }, alias }) {
      const key = alias?.value ?? name;
      if (name === '__typename') return name;
      return key !== name && clashes(key) ? key + SUFFIX : key;
    },
  };
}

/** The client's name of a name in subgraph data. */
export function clientName(step: string): string {
  return step.endsWith(SUFFIX) ? step.slice(0, -SUFFIX.length) : withoutCallNumber(step);
}

export function clientPath(path: Path): Path {
  return path.map((step) => (typeof step === 'string' ? clientName(step) : step));
}
