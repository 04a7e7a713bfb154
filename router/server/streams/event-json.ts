import type { FormattedExecutionResult } from 'graphql';

const texts = new WeakMap<FormattedExecutionResult, string>();

/** An event as JSON, written once however many subscribers get it. */
export function eventJson(event: FormattedExecutionResult): string {
  const before = texts.get(event);
  if (before !== undefined) return before;
  const text = JSON.stringify(event);
  texts.set(event, text);
  return text;
}
