import type { Caller } from '@aisle/platform/identity';
import type { DocumentNode, GraphQLSchema } from 'graphql';
import { type Filtered, filterDocument } from './filter.ts';
import { createGrants, type Policy } from './grants.ts';
import { readRequirements } from './requirements.ts';

export { TYPE_ALIAS } from './filter.ts';
export type { Policy } from './grants.ts';
export { type Restored, restoreDenied } from './restore.ts';

/** What happens to an operation that asks for more than its caller may see. */
export type OnDenied =
  /** The rest is answered; what is withheld is null with an error at its path. */
  | 'null'
  /** The operation is refused as a whole. */
  | 'error';

export interface Authoriser {
  /** False when the graph asks for nothing: operations need not be looked at. */
  readonly isNeeded: boolean;
  /** What of an operation its caller may have planned. */
  filter(document: DocumentNode, caller: Caller): Filtered;
}

export class UnknownPolicies extends Error {
  constructor(names: readonly string[]) {
    super(`The supergraph asks for policies that have no function: ${names.join(', ')}.`);
  }
}

/** @throws UnknownPolicies when the supergraph names a policy that is not among `policies`: failing open is no option */
export function createAuthoriser(
  supergraphSdl: string,
  apiSchema: GraphQLSchema,
  policies: Readonly<Record<string, Policy>> = {},
): Authoriser {
  const requirements = readRequirements(supergraphSdl);
  const unknown = [...requirements.policies].filter((name) => !Object.hasOwn(policies, name));
  if (unknown.length > 0) throw new UnknownPolicies(unknown);
  return {
    isNeeded: !requirements.isEmpty,
    filter: (document, caller) =>
      filterDocument(document, apiSchema, requirements, createGrants(caller, policies)),
  };
}
