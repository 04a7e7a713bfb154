import { createHash } from 'node:crypto';
import { withoutName } from '../../engine/document.ts';
import type { CompiledFetch } from '../../engine/fetch-cache.ts';
import type { Obj } from '../../engine/own.ts';
import type { CachePolicy } from '../rules/policy.ts';

/** Changes with the form of entries and keys: entries of another form are never found. */
const FORMAT = 1;

/**
 * What one fetch of a plan asks for, whoever asks: equal for two operations that ask the same. The subgraph's schema is in it, and what was declared about
 * keeping the answer: after a change of either nothing older is found.
 */
export function fetchKey(
  { subgraph, query, operationName }: CompiledFetch,
  subgraphSdl: string,
  policy: CachePolicy,
): string {
  return digest(JSON.stringify([FORMAT, subgraph, subgraphSdl, policy, withoutName(query, operationName)]));
}

/** The keys of what one call asks for: one per representation, or one for all root fields. */
export function entryKeys(
  fetch: string,
  audience: string,
  variables: Obj,
  representations: readonly Obj[] | undefined,
): string[] {
  const call = digest(JSON.stringify([fetch, audience, variables]));
  if (!representations) return [call];
  return representations.map((representation) => digest(`${call}${JSON.stringify(representation)}`));
}

const digest = (text: string) => createHash('sha256').update(text).digest('base64url');
