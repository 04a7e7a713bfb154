import type { Caller } from '@aisle/platform/identity';
import type { Requirement } from './requirements.ts';

/** Decides a policy for a caller. Must be quick and must not throw; a throw counts as no. */
export type Policy = (caller: Caller) => boolean;

/** Whether a requirement is met. Answers are kept per operation, so that a policy is asked once. */
export function createGrants(
  caller: Caller,
  policies: Readonly<Record<string, Policy>>,
): (requirement: Requirement) => boolean {
  const scopes = new Set([...(caller.scopes ?? []), ...caller.roles.map((role) => `role:${role}`)]);
  const decided = new Map<string, boolean>();
  const allows = (name: string): boolean => {
    let answer = decided.get(name);
    if (answer === undefined) {
      try {
        answer = Object.hasOwn(policies, name) && policies[name]!(caller) === true;
      } catch {
        answer = false;
      }
      decided.set(name, answer);
    }
    return answer;
  };
  const anySet = (sets: readonly (readonly string[])[], has: (name: string) => boolean) =>
    sets.length === 0 || sets.some((set) => set.every(has));
  return ({ authenticated, scopes: wanted, policies: asked }) => {
    const isKnown = caller.kind === 'user' || caller.kind === 'service';
    if ((authenticated || wanted.length > 0) && !isKnown) return false;
    return anySet(wanted, (scope) => scopes.has(scope)) && anySet(asked, allows);
  };
}
