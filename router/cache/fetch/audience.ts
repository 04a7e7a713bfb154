import type { Caller } from '@aisle/platform/identity';
import type { CachePolicy } from '../rules/policy.ts';

const audiences = new WeakMap<Caller, string>();

/**
 * Who shares an answer. A public one: callers who differ in nothing but who they are; kind, roles, scopes, region and seller are the same, because a subgraph
 * sees them in the envelope and may answer by them. A private one: the same subject in the same session. Nobody for a private one of nobody in particular.
 */
export function audienceOf(caller: Caller, scope: CachePolicy['scope']): string | undefined {
  if (scope === 'PRIVATE') {
    if (caller.kind === 'anonymous' || caller.subject === '') return undefined;
    return JSON.stringify(['private', caller.subject, caller.sessionId ?? null, publicAudience(caller)]);
  }
  return publicAudience(caller);
}

function publicAudience(caller: Caller): string {
  const known = audiences.get(caller);
  if (known !== undefined) return known;
  const { subject: _subject, sessionId: _session, expiresAt: _expires, ...rest } = caller;
  const audience = JSON.stringify(['public', ...Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1))]);
  audiences.set(caller, audience);
  return audience;
}
