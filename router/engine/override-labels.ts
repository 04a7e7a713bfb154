import { createHash } from 'node:crypto';
import type { EngineOptions } from './contract.ts';
import type { RequestContext } from './types.ts';

const PERCENT = /^percent\((\d{1,3}(?:\.\d{1,8})?)\)$/;

/**
 * Which progressive override labels are on for a request. `percent(n)` is decided by the caller (by the request for anonymous ones), so that one shopper
 * always sees the same side of a migration; other labels are on only when `decide` says so.
 */
export function activeLabels(
  labels: readonly string[],
  context: RequestContext,
  decide: EngineOptions['overrideLabel'],
): string[] {
  return labels.filter((label) => {
    if (decide) return decide(label, context);
    const percent = PERCENT.exec(label)?.[1];
    return (
      percent !== undefined &&
      share(`${label}:${context.caller.subject || context.requestId}`) < Number(percent)
    );
  });
}

/** A number in [0, 100), always the same for the same text. */
function share(text: string): number {
  return (createHash('sha256').update(text).digest().readUInt32BE(0) / 2 ** 32) * 100;
}
