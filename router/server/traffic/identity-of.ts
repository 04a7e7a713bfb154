import type { Caller } from '@aisle/platform/identity';

const identities = new WeakMap<Caller, string>();

/** Everything of a caller that a subgraph may look at, but for when the token ends: only equal ones may share an answer. */
export function identityOf(caller: Caller): string {
  const known = identities.get(caller);
  if (known !== undefined) return known;
  const { expiresAt: _expiresAt, ...rest } = caller;
  const identity = JSON.stringify(rest);
  identities.set(caller, identity);
  return identity;
}
